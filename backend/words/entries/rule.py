"""The alarm rules: what they are called, and what can be wrong with a file of them."""

from __future__ import annotations

ENTRIES: dict[str, tuple[str, str]] = {
    "rule.exceedance": ("空气超标", "Air above limit"),
    "rule.road_dust": ("道路扬尘超标", "Road dust above limit"),
    "rule.site_dust": ("工地扬尘超标", "Site dust above limit"),
    "rule.water": ("水质超目标", "Water worse than target"),
    "rule.sudden_rise": ("浓度突升", "Sudden rise"),
    "rule.spatial_excess": ("空间高值", "High against neighbours"),
    "rule.site_dust_day": ("扬尘当日超次", "Site dust, too often"),
    "rule.stop_dust": ("停工期间扬尘", "Dust despite stop order"),
    "rule.inversion": ("颗粒物倒挂", "PM2.5 above PM10"),
    "rule.tampering": ("疑似人为干预", "Suspected falsification"),
    "rule.late": ("数据迟到", "Data comes late"),
    "rule.feed_late": ("数据源迟到", "Feed is late"),
    "rule.power_untreated": ("产治不同步", "Produces untreated"),
    "rule.power_slack": ("降频、空转", "Treatment idling"),
    "rule.power_load": ("未落实减排", "Above allowed load"),
    "rule.power_stop": ("违规生产", "Works despite stop order"),
    "rule.power_bypass": ("断线、绕表", "Meter bypassed"),
    "rule.vehicle": ("遥感连续超标", "Vehicle exceeds twice"),
    "rule.flat_line": ("数据恒值", "Flat line"),
    "rule.instrument": ("仪器异常", "Instrument fault"),
    "rule.offline": ("站点离线", "Station offline"),
    "rule.feed_outage": ("数据源中断", "Feed outage"),
    "rule.regional": ("区域性污染", "Regional pollution"),
    "rule.channel_dead": ("通知渠道中断", "Notification channel dead"),
    "rule.fault.toml": ("TOML 语法有误：{error}", "Not valid TOML: {error}"),
    "rule.fault.effective": (
        "缺少生效日期，请写 effective = 2026-03-01 这样的日期。",
        "The effective date is missing; write a date such as effective = 2026-03-01.",
    ),
    "rule.fault.missing": ("缺少 {key}（应为 {wanted}）。", "{key} is missing (a {wanted})."),
    "rule.fault.type": (
        "{key} 的类型不对，应为 {wanted}。",
        "{key} has the wrong type; a {wanted} is wanted.",
    ),
    "rule.fault.negative": ("{key} 不能是负数（{value}）。", "{key} can't be negative ({value})."),
    "rule.fault.number": (
        "{key} 应为非负数，而不是 {value}。",
        "{key} must be a number of at least 0, not {value}.",
    ),
    "rule.fault.priority": (
        "{key}：没有优先级 {value}，只有 critical、high、medium、low。",
        "{key}: there is no priority {value}; use critical, high, medium or low.",
    ),
    "rule.fault.ring": (
        "报警次数不合理：hits（{hits}）不超过 of（{of}），of 不超过 within（{within}），at_once 不小于 1。",
        "These don't fit: hits ({hits}) may not exceed of ({of}), nor of within ({within}); at_once is at least 1.",
    ),
    "rule.fault.region": (
        "区域抑制不合理：0 < leave（{leave}）<= enter（{enter}）<= 1，counties 在 0 到 1 之间。",
        "Regional inhibition does not fit: 0 < leave ({leave}) <= enter ({enter}) <= 1, counties between 0 and 1.",
    ),
    "rule.fault.cadence": (
        "{key}：没有周期名 {value}，只有 {known}。",
        "{key}: there is no cadence {value}; known are {known}.",
    ),
    "rule.fault.kind": (
        "规则 {rule}：没有类别 {value}，只有 {known}。",
        "Rule {rule}: there is no kind {value}; known are {known}.",
    ),
    "rule.fault.twice": (
        "规则 {rule} 在同一天有两条；请用 valid_from、valid_to 分开。",
        "Rule {rule} is there twice for the same days; part them by valid_from and valid_to.",
    ),
    "rule.fault.source": (
        "规则 {rule} 没有写明来源（source）：标准条款，或说明是自定。",
        "Rule {rule} names no source: a standard and clause, or that it is a choice of yours.",
    ),
    "rule.fault.days": (
        "规则 {rule}：失效日期 {ends} 不晚于生效日期 {begins}。",
        "Rule {rule}: it ends on {ends}, not after its first day {begins}.",
    ),
    "rule.fault.choice": (
        "{key} 不能是 {value}，只有 {known}。",
        "{key} can't be {value}; known are {known}.",
    ),
    "rule.fault.power": (
        "[power] 不合理：on_share（{share}）在 0 到 1 之间，on_percentile（{percentile}）不超过 100，steps（{steps}）至少 1。",
        "[power] does not fit: on_share ({share}) from 0 to 1, on_percentile ({percentile}) at most 100, "
        "steps ({steps}) at least 1.",
    ),
    "rule.fault.unknown": (
        "规则 {rule}：不认识 {key}，请检查拼写。",
        "Rule {rule}: {key} is not known; check its spelling.",
    ),
    "rule.fault.basis": (
        "{rule} 的 {parameter}：要有且只有一种限值依据（{known}）。",
        "{parameter} of {rule}: exactly one basis is wanted ({known}).",
    ),
}
