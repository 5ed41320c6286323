"""What each column of a city pack means; ``any.<column>`` holds for every table that says nothing of its own."""

from __future__ import annotations

COLUMNS: dict[str, tuple[str, str]] = {
    "page.intro": (
        "城市包是一个文件夹。表格为 UTF-8 编码的 CSV，第一行是列名；大表可以压缩（vehicles.csv.gz），也可以拆成几个文件"
        "（stations.csv、stations-dust.csv）。空格取默认值（方括号内）。坐标系由 city.toml 的 datum 指定。.md 和 .txt 文件不读取，"
        "文件夹 templates 里的报告模板除外。"
        "gridseat city check DIR 逐条指出问题，gridseat city load DIR 全部载入或一概不载入，可反复运行。",
        "A pack is a folder. Tables are CSV in UTF-8 with the columns' names in the first line; a large one may be "
        "gzipped (vehicles.csv.gz), any may be split (stations.csv, stations-dust.csv). An empty cell takes the "
        "default, in square brackets. Positions are in the datum that city.toml names. Files that end in "
        ".md or .txt are not read, but for the reports' templates in the folder templates. "
        "`gridseat city check DIR` says every fault; `gridseat city load DIR` loads all or nothing and can be run again.",
    ),
    "file.grids": ("四级网格，从全市到四级网格一棵树", "the tree of grids, from the city down to level 4"),
    "file.centres": ("市、县、乡镇指挥中心", "command centres of city, counties, townships"),
    "file.departments": ("可接受任务的部门", "departments that can be given a task"),
    "file.people": (
        "坐席员、监管员、管理员、网格员",
        "seat operators, supervisors, administrators, grid members",
    ),
    "file.duty": (
        "值班表：各时段由谁应答；在屏幕上改过班次的单位不再按此表更新",
        "the duty book: who answers when; bodies whose lines were changed on the screen are left as they are",
    ),
    "file.incident_types": ("事件类型，按日期生效", "incident types, dated"),
    "file.parameters": (
        "监测因子；产品自带一套，此处可补充或替换",
        "parameters, besides or in place of the product's own",
    ),
    "file.measures": (
        "监测项目组：站点测什么、多久一次、由哪个数据源提供",
        "sets of what is measured, how often, and by which feed it comes",
    ),
    "file.stations": ("监测站点", "monitoring stations"),
    "file.sources": ("污染源", "what can pollute"),
    "file.power_points": (
        "企业用电监控点，每行一对电表，自身即为 power 类站点",
        "pairs of power meters; each is a station of kind power by itself",
    ),
    "file.cameras": ("视频点位", "cameras"),
    "file.vehicles": ("车辆", "vehicles"),
    "file.orders": ("指令、管控令", "orders in force"),
    "file.city": ("城市总体设置", "the city as a whole"),
    "file.feeds": ("数据源，每个一段 [[feed]]", "feeds, one [[feed]] each"),
    "file.policy": (
        "时限与升级策略；没有则用产品自带的",
        "clocks and escalation; the product's own where absent",
    ),
    "file.canned": (
        "常用语：按操作和事件类型的原因、备注；没有则用产品自带的",
        "canned words: reasons and remarks by act and incident type; the product's own where absent",
    ),
    "file.scores": (
        "量化赋分表：项目、分值、部门综合评价的权重；没有则用产品自带的",
        "the table of points: items, points, the weights of departments' composite; the product's own where absent",
    ),
    "file.daily": (
        "日报统计的措施项目；本市的报表模板放在 templates 文件夹；没有则用产品自带的",
        "the measures that the daily report counts; the city's own templates of reports lie in the folder templates;"
        " the product's own where absent",
    ),
    "file.rules": ("报警规则；没有则用产品自带的", "alarm rules; the product's own where absent"),
    "file.boundaries": (
        "网格边界：FeatureCollection，properties.code 为网格编码，properties.made_up 表示虚构；顶层 datum 可另行写明坐标系",
        "outlines of grids: a FeatureCollection; properties.code is the grid's, properties.made_up true where made up; "
        "a datum at the top stands for that of city.toml",
    ),
    "any.code": ("编码，全表唯一", "its code, no other row's"),
    "any.name": ("名称", "its name"),
    "any.name_en": (
        "英文名，英文界面显示；没有则显示中文名",
        "its name in English, shown to whoever reads English; the Chinese one where empty",
    ),
    "any.pinyin": ("拼音", "its name in pinyin"),
    "any.initials": ("拼音首字母，用于检索", "first letters of the pinyin, to search by"),
    "any.lon": ("经度（度）", "longitude, degrees"),
    "any.lat": ("纬度（度）", "latitude, degrees"),
    "any.made_up": ("1 表示虚构，仅供演示", "1 where the row is made up"),
    "any.phone": ("电话", "telephone"),
    "any.grid": ("所在网格编码", "the grid it lies in"),
    "any.department": ("部门编码", "the department"),
    "any.source": ("所在污染源编码", "the source at which it stands"),
    "any.valid_from": ("生效日期", "the first day it holds"),
    "any.valid_to": (
        "失效日期（当日起不再有效），空为长期",
        "the first day it no longer holds; empty for ever",
    ),
    "any.kind": ("类别", "its kind"),
    "any.measures": ("监测项目组，见 measures.csv", "the set of measures.csv that it measures"),
    "any.note": ("说明", "a note"),
    "any.enabled": ("是否启用", "whether it is on"),
    "grids.parent": ("上级网格编码，全市为空", "the grid above; empty for the city"),
    "grids.level": ("1 市、2 县、3 乡镇、4 四级网格", "1 city, 2 county, 3 township, 4 below it"),
    "grids.aliases": (
        "别名、旧名、所含村居，竖线分隔",
        "other names, former ones, villages within, separated by |",
    ),
    "grids.kind": ("如县、区、街道、镇、乡、开发区", "such as county, district, street, town, zone"),
    "grids.lon": ("标记点经度", "longitude of its marked point"),
    "grids.lat": ("标记点纬度", "latitude of its marked point"),
    "centres.grid": ("所辖网格编码", "the grid it commands"),
    "centres.tier": ("层级：M 市、C 县、T 乡镇", "tier: M city, C county, T township"),
    "people.role": (
        "角色：seat 坐席员、supervisor 监管员、administrator 管理员、member 网格员",
        "role: seat, supervisor, administrator, member",
    ),
    "people.grid": ("管辖网格（含其下全部）", "the grid over which they have the role, with all below"),
    "people.centre": ("所在指挥中心", "the centre where they sit"),
    "people.active": ("是否在岗", "whether they are still here"),
    "departments.kind": (
        "bureau 职能部门，contractor 运维单位（接运维工单）",
        "bureau, or contractor: the maintenance contractor, which gets the work orders",
    ),
    "stations.maintainer": ("运维单位", "the contractor that keeps it"),
    "duty.body_kind": ("值班单位：centre 中心、department 部门、member 网格员", "whose line it is"),
    "duty.body": ("该单位或人员的编码", "the code of the centre, department or member"),
    "duty.days": ("周一至周日，1 为值班", "Monday to Sunday, 1 where it holds"),
    "duty.start": ("开始钟点", "from, time of day"),
    "duty.end": (
        "结束钟点；不晚于开始则跨零点",
        "to, time of day; at or before the start it runs past midnight",
    ),
    "duty.name": ("值班人或值班室", "who answers"),
    "incident_types.department": ("主办部门", "lead department"),
    "incident_types.co_departments": ("协办部门，竖线分隔", "co-handling departments, separated by |"),
    "incident_types.priority": ("默认紧急程度", "priority unless told otherwise"),
    "incident_types.evidence": ("须提交的证据代码，竖线分隔", "evidence asked for, separated by |"),
    "incident_types.results": (
        "可选处置结果代码，竖线分隔",
        "result codes that may be given, separated by |",
    ),
    "parameters.unit": ("存储和显示用的单位", "the unit in which it is kept and shown"),
    "parameters.decimals": ("显示的小数位数", "decimals shown"),
    "parameters.hj212": ("HJ 212 因子编码", "its HJ 212 code"),
    "parameters.low": ("低于此值不可能", "below this a value is impossible"),
    "parameters.high": ("高于此值不可能", "above this a value is impossible"),
    "parameters.suspect_above": ("高于此值存疑", "above this a value is suspect"),
    "measures.set": ("组名", "the set's name"),
    "measures.parameter": ("监测因子编码", "the parameter"),
    "measures.period": ("周期，秒", "the period, seconds"),
    "measures.unit": ("单位（须与参数表一致，供核对）", "its unit, to check against the parameter's"),
    "measures.feed": ("负责该项的数据源", "the feed that owns it"),
    "measures.upstream": ("数据源中该项的名称", "the feed's own name for it"),
    "stations.kind": (
        "air、township_air、road_dust、water、site_dust、remote_sensing、weather 或本市自定",
        "air, township_air, road_dust, water, site_dust, remote_sensing, weather, or the city's own",
    ),
    "stations.target": (
        "水体目标类别或工地限值组",
        "a water section's target class, a dust site's limit set",
    ),
    "stations.upstream": (
        "数据源使用的其他编码，竖线分隔",
        "other codes under which feeds name it, separated by |",
    ),
    "stations.in_service": ("是否在用", "whether it is in service"),
    "sources.kind": (
        "enterprise 企业、site 工地、road 道路、power_plant 电厂、field 农田或本市自定",
        "enterprise, site, road, power_plant, field, or the city's own",
    ),
    "sources.industry": (
        "行业：名称，或 GB/T 4754 代码",
        "its industry: a name, or a class of GB/T 4754 (C3011)",
    ),
    "sources.height": (
        "排放口距地面高度，米；不知道则留空",
        "metres over the ground at which it lets go, of its main stack; empty where it is not known",
    ),
    "sources.grade": ("绩效分级 A 至 D", "performance grade, A to D"),
    "sources.department": ("监管部门", "the department that supervises it"),
    "sources.contact": ("联系人", "whom to call"),
    "power_points.code": (
        "编码，同时是其监测站点的编码",
        "its code, also that of the station that carries its readings",
    ),
    "power_points.source": ("所在企业编码", "the enterprise"),
    "power_points.production_meter": ("生产设施电表编号", "the meter of the production"),
    "power_points.treatment_meter": ("治理设施电表编号", "the meter of the treatment"),
    "power_points.production_kw": ("生产设施额定功率 kW", "rated power of the production, kW"),
    "power_points.treatment_kw": ("治理设施额定功率 kW", "rated power of the treatment, kW"),
    "cameras.address": ("视频地址（供复制）", "the address to copy"),
    "cameras.state": ("状态", "its state"),
    "vehicles.plate": ("号牌", "plate"),
    "vehicles.kind": ("车型", "kind of vehicle"),
    "vehicles.fuel": ("燃料", "fuel"),
    "vehicles.stage": ("排放阶段", "emission stage"),
    "vehicles.source": ("所属企业", "the enterprise it belongs to"),
    "orders.kind": (
        "类别，如 heavy_pollution 重污染、stop_work 停工、declared_stop 申报停产",
        "kind, such as heavy_pollution, stop_work, declared_stop",
    ),
    "orders.level": (
        "预警级别：yellow 黄、orange 橙、red 红",
        "of a warning: yellow, orange or red",
    ),
    "orders.allowed_load": (
        "重污染预警期间允许负荷，占平常的百分比；不填按一厂一策、绩效分级",
        "under a heavy-pollution warning: per cent of the usual load allowed; empty: by the plant's plan or its grade",
    ),
    "orders.title": ("标题", "title"),
    "orders.title_en": ("标题的英文", "its title in English"),
    "orders.scope_kind": ("范围：grid 网格或 source 污染源", "scope: grid or source"),
    "orders.scope": ("范围内的编码，竖线分隔", "the codes it holds for, separated by |"),
    "orders.starts": ("开始时间", "from"),
    "orders.ends": ("结束时间，空为未定", "until; empty where not known yet"),
    "orders.issued_by": ("签发单位", "who issued it"),
    "orders.text": ("内容", "what it says"),
    "city.code": ("一级网格编码", "the code of the level-1 grid"),
    "city.zone": ("时区（IANA 名）", "time zone, IANA name"),
    "city.datum": (
        "全部坐标（含 bounds）的坐标系：WGS-84、CGCS2000 或 GCJ-02（高德、腾讯），后者入库时换算为 WGS-84",
        "datum of all positions, the boxes too: WGS-84, CGCS2000, or GCJ-02 (AMap, Tencent), which is converted",
    ),
    "city.bounds": ("城市范围 [西, 南, 东, 北]", "the city's box [west, south, east, north]"),
    "city.optical_kinds": (
        "用光散射法测颗粒物的站点类型（高湿时存疑）；不写则用产品的",
        "the kinds of station that count particles by light (suspect in fog); the product's where absent",
    ),
    "city.surroundings": (
        "周边范围，市外的源和气象点可在其中",
        "a wider box, for sources and weather points outside the city",
    ),
    "city.demo": ("true 表示演示用城市包", "true where the pack is for demonstration"),
    "city.attribution": ("数据署名", "whom to credit for the data"),
    "city.words": (
        "[words.zh]、[words.en]：替换产品用词",
        "[words.zh], [words.en]: own words in place of the product's",
    ),
    "feeds.adapter": (
        "适配器：mapped、sensorthings、cnemc、openmeteo、passages、hj212",
        "adapter: mapped, sensorthings, cnemc, openmeteo, passages, hj212",
    ),
    "feeds.url": ("地址；{base} 由演示填写", "its address; the demo fills in {base}"),
    "feeds.every": ("轮询间隔，秒；0 为对方推送", "seconds between polls; 0 where it pushes"),
    "feeds.overlap": ("每次重取的时长，秒", "seconds before the newest that are asked for again"),
    "feeds.stale_after": ("多久无新数据算迟到，秒", "seconds without news after which it is late"),
    "feeds.secret": ("密钥的名称（不是密钥）", "the name of its secret, never the secret"),
    "feeds.options": ("适配器读取的设置", "what its adapter reads"),
}
