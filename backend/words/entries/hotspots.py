"""Hot grids 热点网格, hot hours 热点时段 and the monthly lists: why, what speaks against it, what was left out."""

from __future__ import annotations

ENTRIES: dict[str, tuple[str, str]] = {
    # How hot, and what makes it so.
    "hotspots.heat.watch": ("关注", "watch"),
    "hotspots.heat.hot": ("热点", "hot"),
    "hotspots.heat.strong": ("强热点", "strongly hot"),
    "hotspots.kind.sudden": ("突发升高", "sudden"),
    "hotspots.kind.rise": ("持续上升", "rising"),
    "hotspots.kind.persistent": ("长时偏高", "persistent"),
    "hotspots.kind.high": ("排名靠前", "high rank"),
    "hotspots.kind.easing": ("正在回落", "easing"),
    # Why.
    "hotspots.why.sudden": (
        "{station}近{hours:g}小时比周边和自身规律高{over:g} {unit}，偏离常态{z}倍",
        "{station}: {over:g} {unit} above its surroundings and its own pattern over {hours:g} h, {z} deviations",
    ),
    "hotspots.why.rise": (
        "{station}近{hours:g}小时逐步升高，平均比应有水平高{over:g} {unit}，偏离常态{z}倍",
        "{station}: rising over {hours:g} h, on average {over:g} {unit} above what is expected, {z} deviations",
    ),
    "hotspots.why.persistent": (
        "{station}近{hours:g}小时一直偏高，平均高{over:g} {unit}，偏离常态{z}倍",
        "{station}: high throughout {hours:g} h, on average by {over:g} {unit}, {z} deviations",
    ),
    "hotspots.why.high": (
        "{station}近{hours:g}小时高{over:g} {unit}，偏离常态{z}倍",
        "{station}: {over:g} {unit} above over {hours:g} h, {z} deviations",
    ),
    "hotspots.why.background": (
        "比区域背景{background:g}高{increment:g} {unit}",
        "{increment:g} {unit} above the regional background of {background:g}",
    ),
    "hotspots.why.hours": ("已连续{hours:g}小时", "for {hours:g} h without a break"),
    "hotspots.why.hours_more": ("已连续{hours:g}小时以上", "for {hours:g} h or more without a break"),
    "hotspots.why.agrees": ("同站{parameter}同步升高", "{parameter} stands out at the station too"),
    "hotspots.why.neighbours": ("邻近站点同步升高", "a neighbouring station stands out too"),
    "hotspots.why.gi": ("高值成片聚集，Gi* {gi:g}", "high values lie together here, Gi* {gi:g}"),
    "hotspots.why.ratio": ("为周边均值的{ratio:g}倍", "{ratio:g} times the mean of the others around"),
    "hotspots.why.inside": (
        "其中{station}高出背景{increment:g} {unit}，网格内各站取中后高{grid:g}",
        "{station} alone is {increment:g} {unit} above the background; the middle of the place's stations, {grid:g}",
    ),
    "hotspots.why.foremost": (
        "本时段高出背景的幅度，在{of}个有站点的网格中排第{rank}",
        "rank {rank} of the {of:=place} with a station by the height above the background in this step",
    ),
    "hotspots.why.rank": (
        "热度得分{score:g}，在{of}个网格中排第{rank}",
        "score {score:g}, {rank} of {of}",
    ),
    # What speaks against it.
    "hotspots.against.one_station": ("仅{station}一个站点升高", "only {station} shows it"),
    "hotspots.against.one_of": (
        "格内{count}个站点中仅一个升高",
        "one of {count:=station} in the grid shows it",
    ),
    "hotspots.against.one_parameter": (
        "同站{parameter}未同步升高，可能是仪器问题",
        "{parameter} at the station does not follow: the instrument may be at fault",
    ),
    "hotspots.against.gone": ("本时段已回落", "in this step it has come down again"),
    "hotspots.against.usual": (
        "与该站平常的起伏相比不算异常：偏离常态{z:g}倍，达到{hot:g}倍才判为热点",
        "such a height is not unusual for this station: {z:g} deviations, hot from {hot:g} on",
    ),
    "hotspots.against.wide": (
        "周边高值站点同样偏高，像大片污染而非本地排放",
        "the higher ones around are as high: rather a wide cloud than something local",
    ),
    "hotspots.against.suspect": (
        "该站近一日有{count}个存疑数据",
        "suspect values at the station in the last day: {count}",
    ),
    "hotspots.against.humid": (
        "湿度{percent}%，光学法颗粒物可能偏高",
        "{percent}% humidity: optical particle readings may be high",
    ),
    "hotspots.against.regional": (
        "全网同步升高，属区域性污染",
        "the whole network stands out: it is regional",
    ),
    "hotspots.against.interpolated": (
        "格内无站点，由{metres}米外的站点插值估计",
        "no station in it: interpolated from {metres} m away",
    ),
    "hotspots.against.short": ("该站历史数据不足", "the station has too short a past"),
    "hotspots.against.edge": (
        "位于站网边缘或邻站较远，外来污染也会先到这里",
        "at the edge of the network or far from others: what comes from outside is seen here first",
    ),
    "hotspots.against.gi": ("周边并不高，Gi* {gi:g}", "its surroundings are not high, Gi* {gi:g}"),
    "hotspots.against.few": ("本时段仅{count}个站点有数据", "only {count:=station} reported"),
    # What was left out of a map.
    "hotspots.note.misplaced": (
        "{station}的坐标在辖区以外，未采用",
        "{station} lies outside the city: not used",
    ),
    "hotspots.note.far": (
        "{station}的坐标离所属网格{metres}米，未采用",
        "{station} lies {metres} m outside its own grid: not used",
    ),
    "hotspots.note.to_wgs84": (
        "站点坐标疑为GCJ-02（整体偏移数百米），请在城市包中写明坐标系",
        "the stations' positions look like GCJ-02, shifted by some hundred metres: say so in the city pack",
    ),
    "hotspots.note.to_gcj02": (
        "站点坐标疑被重复转换（整体偏移数百米），请核对坐标系",
        "the stations' positions look converted once too often, by some hundred metres: check the datum",
    ),
    "hotspots.note.unlisted": (
        "{parameter}：另有{count}个网格的站点高出背景{least:g} {unit}以上，与平常的起伏相当，未列出；其中最高的是{station}，高{increment:g}",
        "{parameter}: {count:=more place lies|more places lie} {least:g} {unit} or more above the background, no more than is usual for"
        " them, and are not listed; the highest is {station}, by {increment:g}",
    ),
    "hotspots.note.silent": ("{of}个站点中{count}个无数据", "{count} of {of:=station} have no value"),
    "hotspots.note.silent_since": (
        "该时段没有站点报{parameter}有效值，最近一个截至 {at:whole}，无从判断热点",
        "{parameter}: no station had a valid value then, the newest ended {at:whole}; whether it was hot cannot be told",
    ),
    "hotspots.note.silent_long": (
        "该时段及此前 {days} 天没有站点报{parameter}有效值，无从判断热点",
        "{parameter}: no station had a valid value then or in the {days:=day} before; whether it was hot cannot be told",
    ),
    "hotspots.note.left_out": (
        "{parameter}：{stations}有{count}个读数被质控判为无效或存疑，未采用（见数据质量）",
        "{parameter}: {count:=reading} of {stations} left out: a check or a person objects (gridseat quality)",
    ),
    "hotspots.note.no_grids": (
        "城市包没有 {level} 级网格：请换层级，或给出网格边长（米）",
        "the pack has no grids of level {level}: ask for another, or for a cell's side in metres",
    ),
    "hotspots.note.few": (
        "仅 {count} 个站点报{parameter}，少于 {least} 个难以比较，无热点不等于没有问题",
        "{parameter}: only {count} of the {least:=station} that a comparison needs; that nothing is hot says little",
    ),
    # Hot hours.
    "hotspots.hours.hot": (
        "近{days}日热点时段：{hours}",
        "hot hours of the last {days:=day}: {hours}",
    ),
    "hotspots.hours.none": (
        "近{days}日没有固定的热点时段",
        "no hour of day stands out in the last {days:=day}",
    ),
    "hotspots.hours.gaps": (
        "其中{count}日数据不足，未计入",
        "{count} of the days had too few hours to count",
    ),
    # The monthly lists and the ladder.
    "hotspots.list.highest": ("月均浓度最高", "highest mean"),
    "hotspots.list.year": ("同比恶化", "worst against last year"),
    "hotspots.list.month": ("环比恶化", "worst against last month"),
    "hotspots.lists.no_month": (
        "{month}没有网格达到月均值有效性要求",
        "no grid has a valid mean of {month}",
    ),
    "hotspots.lists.no_year": (
        "没有{month}的有效月均值，无法同比",
        "no valid means of {month} to compare with",
    ),
    "hotspots.lists.no_before": (
        "没有{month}的有效月均值，无法环比",
        "no valid means of {month} to compare with",
    ),
    "hotspots.stage.up": ("已达升级条件", "goes up"),
    "hotspots.stage.next": ("再预警一次即升级", "one more warning takes it up"),
    "hotspots.stage.warned": ("已预警", "warned"),
    "hotspots.needs.consecutive": ("连续3次", "3 in a row"),
    "hotspots.needs.year": ("一年内累计6次", "6 within a year"),
    # The command.
    "hotspots.no_parameter": (
        "没有站点监测{parameter}，可选：{known}",
        "No station measures {parameter}. There are: {known}",
    ),
    "hotspots.no_network": (
        "没有可分析的大气监测站点：请先用 gridseat city load 载入城市包",
        "No air station to look at. Load a city pack first: gridseat city load",
    ),
    "hotspots.no_readings": (
        "{at:whole}及以前没有可用读数：请先用 gridseat import readings 导入",
        "No usable readings up to {at:whole}. Import some first: gridseat import readings",
    ),
    "hotspots.bad_level": (
        "看不懂层级“{level}”：填 2（区县）、3（乡镇）、4（四级网格），或网格边长（米，{least} 至 {most}，如 3000、500m）",
        "There is no level {level}: give 2 (counties), 3 (townships), 4 (level-4 grids), or a cell's side in metres from {least} to {most}, such as 3000 or 500m",
    ),
    "hotspots.bad_span": (
        "时段{since}至{until}不对：起点须早于终点，且不超过{days}天",
        "The span {since} to {until} can't be: it must begin before it ends, and last {days:=day} at most",
    ),
}
