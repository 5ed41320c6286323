"""What is said about feeds: how a poll went, why a record was put aside, what is wrong with the settings."""

from __future__ import annotations

ENTRIES: dict[str, tuple[str, str]] = {
    # States.
    "feed.state.new": ("未轮询", "not polled yet"),
    "feed.state.ok": ("正常", "ok"),
    "feed.state.late": ("数据迟到", "late"),
    "feed.state.failing": ("取数失败", "failing"),
    "feed.state.open": ("已熔断", "circuit open"),
    "feed.state.off": ("已停用", "off"),
    # Acts.
    "feed.added": ("已添加数据源 {code}", "Feed {code} added"),
    "feed.enabled": ("已启用数据源 {code}", "Feed {code} is on"),
    "feed.disabled": ("已停用数据源 {code}", "Feed {code} is off"),
    "feed.removed": ("已删除数据源 {code}，已入库的数据保留", "Feed {code} removed; its readings stay"),
    "feed.again": ("数据源 {code} 将立即重新取数", "Feed {code} will be read anew at once"),
    "feed.unknown": ("没有数据源 {feed}", "There is no feed {feed}"),
    "feed.add.faults": (
        "有 {count} 处错误，未添加；各键的写法见 docs/formats.md",
        "Faults: {count}, nothing was added; docs/formats.md has every key",
    ),
    "feed.add.exists": ("数据源 {code} 已存在", "There is a feed {code} already"),
    "feed.code.form": (
        "数据源代码 {code} 只能用小写字母、数字和连字符，最多 40 个字符",
        "A feed's code is made of lower-case letters, digits and hyphens, 40 at most: {code}",
    ),
    "feed.url.form": (
        "网址须以 http:// 或 https:// 开头：{url}",
        "The address must begin with http:// or https://: {url}",
    ),
    "feed.url.key": (
        "网址中不得写用户名和密码，请改用 [auth] 和 secret",
        "No user or password in the address: use [auth] and secret",
    ),
    "feed.preset.unknown": (
        "没有预置数据源 {preset}，可选：{choices}",
        "There is no preset {preset}; there are: {choices}",
    ),
    "feed.preset.option": ("预置数据源 {preset} 需要参数 {option}", "The preset {preset} needs {option}"),
    # Settings.
    "feed.adapter.unknown": (
        "没有适配器 {adapter}，可选：{choices}",
        "There is no adapter {adapter}; there are: {choices}",
    ),
    "feed.adapter.failed": (
        "适配器处理应答时出错（{error}），已入库的数据不受影响",
        "The adapter failed on an answer ({error}); what is stored is untouched",
    ),
    "feed.sink.failed": (
        "数据未能入库（{error}），下次轮询重取",
        "The page could not be stored ({error}); the next poll asks for it again",
    ),
    "feed.option.toml": (
        "不是有效的 TOML：{error}；请检查此处的引号、括号和等号",
        "No valid TOML: {error}; look at the quotes, brackets and equals signs there",
    ),
    "feed.option.missing": ("{where}：缺少 {key}，请补上", "{where}: {key} is missing; add it"),
    "feed.option.empty": ("{where}：不能为空，请填写", "{where}: must not be empty; fill it in"),
    "feed.option.type": (
        "{where}：应为{expected:feed.kind}",
        "{where}: should be {expected:feed.kind}",
    ),
    "feed.kind.str": ("加引号的文字", "a text in quotes"),
    "feed.kind.int": ("整数", "a whole number"),
    "feed.kind.number": ("数字", "a number"),
    "feed.kind.bool": ("true 或 false", "true or false"),
    "feed.kind.list": ("列表 [...]", "a list [...]"),
    "feed.kind.texts": ('文字列表 ["..."]', 'a list of texts ["..."]'),
    "feed.kind.tables": ("[[...]] 表", "tables [[...]]"),
    "feed.kind.dict": ("表 [...]", "a table [...]"),
    "feed.option.choice": (
        "{where}：不能是 {value}，可选：{choices}",
        "{where}: {value} is none of {choices}",
    ),
    "feed.option.range": (
        "{where}：{value} 超出范围 {low} 至 {high}",
        "{where}: {value} is not within {low} to {high}",
    ),
    "feed.option.zone": (
        "{where}：没有时区 {value}，例：Asia/Shanghai",
        "{where}: no time zone {value} (such as Asia/Shanghai)",
    ),
    "feed.option.unknown": (
        "{where}：不认识的键 {key}，请删去或更正",
        "{where}: unknown key {key}; take it out or correct it",
    ),
    "feed.option.unknown_near": (
        "{where}：不认识的键 {key}，是否想写 {near}",
        "{where}: unknown key {key}; did you mean {near}?",
    ),
    "feed.option.either": (
        "{where}：{one} 与 {other} 只能写一个，请删去一个",
        "{where}: either {one} or {other}; take one out",
    ),
    "feed.option.together": ("{where}：{one} 与 {other} 须同时写", "{where}: {one} and {other} go together"),
    "feed.option.only": (
        "{where}：{key} 只用于 {kind}，请删去或更正",
        "{where}: {key} is for {kind} only; take it out or correct it",
    ),
    "feed.option.twice": ("{where}：{value} 重复，请删去一处", "{where}: {value} stands twice; take one out"),
    "feed.option.parameter": (
        "{where}：没有监测因子 {parameter}，代码见格式说明的 parameters.csv",
        "{where}: there is no parameter {parameter}; parameters.csv of the formats page has the codes",
    ),
    "feed.option.unit_unknown": (
        "{where}：不认识的单位 {unit}，可不写 unit 而写换算系数 scale",
        "{where}: unknown unit {unit}; leave unit out and give the factor as scale",
    ),
    "feed.option.unit_mismatch": (
        "{where}：{parameter} 的单位 {unit} 不能换算为 {kept}，请核对单位和监测因子",
        "{where}: {unit} of {parameter} can't be turned into {kept}; look at unit and parameter",
    ),
    # Keys.
    "feed.secret.name": ("密钥名 {name} 不合规", "{name} is no name of a secret"),
    "feed.secret.missing": (
        "找不到密钥 {name}：请设环境变量 {variable}，或写入文件 {path}（权限 0600）",
        "No secret {name}: set {variable}, or put it in {path} (mode 0600)",
    ),
    "feed.secret.open": (
        "密钥文件 {path} 他人可读，请执行 chmod 600",
        "Others can read the secret in {path}: chmod 600 it",
    ),
    "feed.secret.empty": ("密钥文件 {path} 应只有一行内容", "The secret in {path} must be one line"),
    "feed.secret.unnamed": (
        "[auth] 需要密钥，请用 secret 写明密钥名",
        "[auth] wants a key: name it with secret",
    ),
    "feed.secret.unused": (
        "已写密钥名 {name}，但 [auth] 未说明放在何处（header 或 query）",
        "There is a secret {name}, but [auth] does not say where it goes (header or query)",
    ),
    # Answers.
    "feed.http.address": ("网址无效：{url}", "Not a usable address: {url}"),
    "feed.http.connect": ("连接不上 {host}：{error:os}", "Can't connect to {host}: {error:os}"),
    "feed.http.name": (
        "找不到主机 {host}：请核对网址和本机的域名解析",
        "No host {host} is found: check the address, and this machine's DNS",
    ),
    "feed.http.tls": (
        "{host} 的证书不可信（{error}）：请核对网址和本机时间；自建证书请用 SSL_CERT_FILE 指明其根证书",
        "The certificate of {host} is not trusted ({error}): check the address and this machine's clock; an authority of its own is named with SSL_CERT_FILE",
    ),
    "feed.http.timeout": ("{host} 响应超时", "{host} did not answer in time"),
    "feed.http.slow": ("{host} 传输太慢，已中止", "{host} was too slow; stopped"),
    "feed.http.broken": ("与 {host} 的连接中断：{error}", "The connection to {host} broke: {error}"),
    "feed.http.loop": ("{host} 循环重定向", "{host} redirects in a loop"),
    "feed.http.redirect": (
        "被重定向到另一主机 {to}（可能是上网认证页面），已拒绝",
        "Redirected to another host, {to} (a login page of the network?): refused",
    ),
    "feed.http.coding": ("不支持的压缩方式 {coding}", "Unknown content coding {coding}"),
    "feed.http.key": (
        "上游拒绝访问（{status}）：请检查密钥",
        "The upstream refuses access ({status}): check the key",
    ),
    "feed.http.gone": (
        "上游没有该地址（{status}）：请检查网址",
        "The upstream has no such address ({status}): check it",
    ),
    "feed.http.rate": ("上游要求放慢，稍后再取", "The upstream asks for fewer requests; later again"),
    "feed.http.server": ("上游服务器出错（{status}）", "The upstream has a fault ({status})"),
    "feed.http.status": ("上游应答 {status}", "The upstream answered {status}"),
    "feed.poll.too_many": (
        "单次轮询超过 {limit} 次请求，已中止；可在 [politeness] 调整 max_requests",
        "More than {limit} requests in one poll: stopped; see max_requests in [politeness]",
    ),
    "feed.poll.too_slow": (
        "单次轮询超过 {limit} 秒，已中止；可在 [politeness] 调整 max_seconds",
        "One poll took more than {limit:=second}: stopped; see max_seconds in [politeness]",
    ),
    "feed.poll.more": (
        "本次取到 {pages} 页，其余下次继续",
        "{pages:=page} this time, the rest at the next poll",
    ),
    "feed.body.empty": ("应答为空", "The answer is empty"),
    "feed.body.html": (
        "应答是网页而不是数据（可能是登录页或维护页）",
        "The answer is a web page, not data (a login or maintenance page?)",
    ),
    "feed.body.xml": ("应答是 XML，不是 JSON 或 CSV", "The answer is XML, neither JSON nor CSV"),
    "feed.body.json": ("应答不是有效的 JSON（第 {at} 字节处）", "The answer is no valid JSON (at byte {at})"),
    "feed.body.encoding": (
        "应答不是 {encoding} 编码（第 {at} 字节处）",
        "The answer is not in {encoding} (at byte {at})",
    ),
    "feed.body.deep": ("JSON 嵌套过深", "The JSON is nested too deeply"),
    "feed.body.large": ("应答超过 {limit} KB，已中止", "The answer is larger than {limit} KB: stopped"),
    "feed.body.packed": ("应答解压失败", "The answer can't be unpacked"),
    "feed.body.cut": ("应答不完整", "The answer is cut off"),
    "feed.json.rows": ("应答中没有 {path}", "The answer has no {path}"),
    "feed.json.said": ("上游报错：{said} {words}", "The upstream says: {said} {words}"),
    "feed.table.columns": (
        "表头缺少列：{columns}；现有：{found}",
        "The header lacks: {columns}. It has: {found}",
    ),
    "feed.table.twice": ("表头列名重复：{columns}", "The header has twice: {columns}"),
    "feed.table.header": ("表头列数过多", "The header has too many columns"),
    "feed.page.same": (
        "上游各页内容相同，分页参数（{kind}）可能无效",
        "The upstream gives the same page again: its paging ({kind}) does not work",
    ),
    "feed.page.link": ("下一页指向另一主机 {to}，已拒绝", "The next page is on another host, {to}: refused"),
    # Records.
    "feed.asides.more": (
        "另有 {count} 条同页记录未能使用",
        "{count:=more record} of the same page could not be used",
    ),
    "feed.row.broken": ("第 {line} 行列数或编码不符", "Line {line} has the wrong columns or encoding"),
    "feed.row.kind": ("应为一条记录，实为 {kind}", "Should be a record, is {kind}"),
    "feed.station.missing": ("缺少站点代码（{column}）", "No station code ({column})"),
    "feed.station.long": ("站点代码过长：{value}", "The station's code is too long: {value}"),
    "feed.time.missing": ("缺少时间（{column}）", "No time ({column})"),
    "feed.time.unreadable": ("无法识别的时间 {value}", "Not a readable time: {value}"),
    "feed.time.range": ("时间 {value} 不在合理范围", "The time {value} is not possible"),
    "feed.time.period": ("无法识别的时段长度 {value}", "Not a usable period: {value}"),
    "feed.parameter.missing": ("缺少监测因子（{column}）", "No parameter ({column})"),
    "feed.parameter.unknown": ("未配置的监测因子 {parameter}", "Unknown parameter {parameter}"),
    "feed.unit.unknown": ("不认识的单位 {unit}", "Unknown unit {unit}"),
    "feed.unit.mismatch": (
        "{parameter} 的单位 {unit} 不能换算为 {kept}",
        "{unit} of {parameter} can't be turned into {kept}",
    ),
    "feed.value.missing": ("缺少数值（{column}）", "No value ({column})"),
    "feed.value.number": ("{column}：无法识别的数值 {value}", "{column}: not a number: {value}"),
    "feed.value.type": ("{column}：数值类型不符（{value}）", "{column}: a value of the wrong type ({value})"),
    "feed.value.range": ("{column}：数值 {value} 不可能", "{column}: {value} is no possible value"),
    # SensorThings.
    "feed.sta.answer": (
        "应答不是 SensorThings 集合（缺少 value）",
        "The answer is no SensorThings collection (no value)",
    ),
    "feed.sta.filter": (
        '上游未按时间筛选（要求 {since} 之后，返回 {got}），已停止；可设 filter = "none"',
        'The upstream does not filter by time (asked from {since}, got {got}): stopped; see filter = "none"',
    ),
    "feed.sta.none": ("上游没有可用的数据流", "The upstream has no usable datastream"),
    "feed.sta.thing": ("一个 Thing 未带 Datastreams", "A Thing came without its Datastreams"),
    "feed.sta.station": (
        "数据流 {stream} 没有站点代码（{path}）",
        "Datastream {stream} has no station code ({path})",
    ),
    "feed.sta.parameter": (
        "数据流 {stream} 的监测项目 {name} 未配置",
        "Datastream {stream}: unknown property {name}",
    ),
    "feed.sta.streams": (
        "{bad} 个数据流未能取数，第一个：{first}",
        "{bad} datastreams could not be read, the first: {first}",
    ),
    # CNEMC.
    "feed.cnemc.city": (
        "国家站接口没有城市 {city}（须写全称，如 菏泽市）",
        "CNEMC has no city {city} (write it in full, such as 菏泽市)",
    ),
    "feed.cnemc.empty": ("国家站接口未返回任何站点", "CNEMC returned no station"),
    "feed.cnemc.shape": ("国家站接口应答格式已变", "The answer of CNEMC has another shape now"),
    # Open-Meteo.
    "feed.meteo.points": (
        "没有气象点：请在 [[points]] 列出，或在城市数据包中加入 weather 站点",
        "No points: list them in [[points]], or put weather stations into the city pack",
    ),
    "feed.meteo.said": ("Open-Meteo 报错：{words}", "Open-Meteo says: {words}"),
    "feed.meteo.shape": (
        "Open-Meteo 应答格式不符：{what}",
        "The answer of Open-Meteo is not as expected: {what}",
    ),
    # Files.
    "feed.file.unreadable": (
        "无法读取 {file}：{error:os}。请检查路径和权限。",
        "Can't read {file}: {error:os}. Check its name and permissions.",
    ),
    "feed.file.no_text": (
        "{file} 不是 UTF-8 文本（第 {at} 字节处）。",
        "{file} is no text in UTF-8 (at byte {at}).",
    ),
    "feed.file.large": (
        "{file} 超过 {limit} MB，请分成几个文件",
        "{file} is larger than {limit} MB: split it",
    ),
    "feed.file.format": (
        "没有格式 {format}，可选：{choices}",
        "There is no format {format}; there are: {choices}",
    ),
    "feed.file.flag": ("不认识的设备标识 {value}", "Unknown device flag {value}"),
    "feed.file.qualifier": (
        "不认识的限定符 {value}（只用 < 或 >）",
        "Unknown qualifier {value} (only < or >)",
    ),
}
