"""Notification channels 通知渠道: what can be wrong with one, how a try failed, what was done."""

from __future__ import annotations

ENTRIES: dict[str, tuple[str, str]] = {
    "channel.kind.webhook": ("Webhook", "webhook"),
    "channel.kind.command": ("本机命令", "command"),
    "channel.state.new": ("未用过", "unused"),
    "channel.state.ok": ("正常", "ok"),
    "channel.state.failing": ("发送失败", "failing"),
    "channel.state.dead": ("中断", "dead"),
    "channel.state.off": ("已停用", "off"),
    "channel.delivery.waiting": ("待发", "waiting"),
    "channel.delivery.sent": ("已送达", "delivered"),
    "channel.delivery.failed": ("未送达", "not delivered"),
    "channel.delivery.dropped": ("已丢弃", "dropped"),
    "channel.delivery.withdrawn": ("已撤回", "withdrawn"),
    "channel.trial": (
        "【{city}】通知渠道测试，由 {by} 发出，请忽略。",
        "[{city}] Trial of a notification channel by {by}; please ignore.",
    ),
    "channel.status": (
        "{host} 返回 {status}：{said}",
        "{host} answered {status}: {said}",
    ),
    "channel.unexpected": (
        "{host} 的应答不是约定的内容：{said}",
        "{host} answered without what a good answer has: {said}",
    ),
    "channel.broken": ("发送时出错（{error}）。", "Sending broke off ({error})."),
    "channel.crowded": (
        "待发超过 {most} 条，最早、最低级的不再发送。",
        "More than {most} wait: the oldest of the lowest priority are dropped.",
    ),
    "channel.gone": ("渠道已删除。", "The channel was removed."),
    "channel.command.missing": (
        "找不到可执行的程序 {command}。",
        "There is no program {command} that can be started.",
    ),
    "channel.command.open": (
        "{command} 不属于本账户或可被他人改写，不予执行。请改为 chmod go-w。",
        "{command} is not this account's, or others can change it, and is not started; mend it with chmod go-w.",
    ),
    "channel.command.start": ("{command} 启动失败：{error}", "{command} could not be started: {error}"),
    "channel.command.slow": (
        "{command} 超过 {seconds} 秒未结束，已终止。{said}",
        "{command} took longer than {seconds} s and was ended. {said}",
    ),
    "channel.command.flood": (
        "{command} 输出过多，已终止。{said}",
        "{command} wrote without end and was ended. {said}",
    ),
    "channel.command.exit": ("{command} 以 {exit} 退出：{said}", "{command} ended with {exit}: {said}"),
    "channel.fault.code": (
        "渠道代码“{code}”不可用：须为小写字母、数字和连字符，至多 32 个。",
        "The code “{code}” won't do: lower-case letters, digits and hyphens, at most 32.",
    ),
    "channel.fault.taken": ("已有渠道 {code}。", "There is a channel {code} already."),
    "channel.fault.kind": (
        "没有“{kind}”这种渠道，只有 webhook 和 command。",
        "No kind “{kind}”: webhook or command.",
    ),
    "channel.fault.priority": (
        "没有“{priority}”这个等级：critical、high、medium、low。",
        "No priority “{priority}”: critical, high, medium or low.",
    ),
    "channel.fault.timeout": (
        "等待 {seconds} 秒不可用：1 至 {most} 秒。",
        "{seconds} s won't do: 1 to {most} s.",
    ),
    "channel.fault.secret": (
        "“{name}”不是密钥的名称；命令行上只写名称，密钥本身放在 0600 文件或环境变量中。",
        "“{name}” is no name of a secret; only its name is written here, the secret itself lies in a file of mode 0600 "
        "or in the environment.",
    ),
    "channel.fault.grid": ("没有网格 {grid}。", "There is no grid {grid}."),
    "channel.fault.url": (
        "“{url}”不是 http(s) 地址（--url），或其中带有账户。",
        "“{url}” is no http(s) address (--url), or has an account in it.",
    ),
    "channel.fault.no_url": (
        "没有地址：请用 --url 给出 webhook 的 http(s) 地址；本机程序用 --command。",
        "There is no address: give a webhook's with --url https://HOST/PATH; a program of this machine goes with --command.",
    ),
    "channel.fault.no_secret": (
        "地址中有 {secret}，却没有指明密钥的名称（--secret）。",
        "The address has {secret} in it, and no name of a secret is given (--secret).",
    ),
    "channel.fault.template": ("模板不是 JSON：{error}", "The template is no JSON: {error}"),
    "channel.fault.command": (
        "命令须写成词的列表，第一个词是程序的绝对路径。",
        "A command is a list of words, the first of them the absolute path of a program.",
    ),
    "channel.fault.both": (
        "webhook 只用地址，command 只用命令，两者不能混用。",
        "A webhook has an address, a command its words; not both.",
    ),
    "channel.fault.unknown": ("没有“{key}”这一项（{near}？）。", "There is no “{key}” ({near}?)."),
    "channel.fault.type": ("“{key}”的值类型不对。", "The value of “{key}” is of the wrong type."),
    "channel.fault.toml": ("TOML 语法有误：{error}", "Not valid TOML: {error}"),
    "channel.refused.unknown": (
        "没有渠道 {code}。用 gridseat channels 查看。",
        "There is no channel {code}. See gridseat channels.",
    ),
    "channel.refused.same": ("渠道 {code} 已是这样。", "Channel {code} is so already."),
    "channel.refused.machine": (
        "本机命令只能在这台机器上用 gridseat channels add 增设，不能在界面上增设。",
        "A command is only added on this machine itself, by gridseat channels add, never on a screen.",
    ),
    "channel.done.add": ("已增设渠道 {code}。", "Channel {code} was added."),
    "channel.done.remove": ("已删除渠道 {code}。", "Channel {code} was removed."),
    "channel.done.on": ("已启用渠道 {code}。", "Channel {code} was switched on."),
    "channel.done.off": (
        "已停用渠道 {code}；待发的仍在等候。",
        "Channel {code} was switched off; what waits goes on waiting.",
    ),
    "channel.done.trial": ("测试通知已由 {code} 送达。", "The trial went through {code}."),
}
