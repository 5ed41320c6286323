"""Source tracing 污染溯源: evidence, notes, refusals."""

from __future__ import annotations

ENTRIES: dict[str, tuple[str, str]] = {
    # Why a source may have done it, or not.
    "sources.because.fits": (
        "风与读数相符：位于{direction}度方位{km}处，可解释升高的{percent}%",
        "fits wind and readings: {km} away, bearing {direction} deg, explains {percent} % of the rise",
    ),
    "sources.because.fits.quiet": (
        "本时段没有站点明显升高；就风与读数的细小起伏而言相符：位于{direction}度方位{km}处",
        "nothing stood out; what little moved fits the wind: {km} away, bearing {direction} deg",
    ),
    "sources.because.misfits.quiet": (
        "本时段没有站点明显升高；就风与读数的细小起伏而言不如其他源：位于{direction}度方位{km}处",
        "nothing stood out; what little moved fits others better: {km} away, bearing {direction} deg",
    ),
    "sources.because.stack": (
        "按高架排放更相符：烟羽约在{km}外落地，近处站点可能测不到",
        "fits best as let go from a height: its plume comes down some {km} off and may pass over what stands nearer",
    ),
    "sources.because.misfits": (
        "风与读数更符合其他源：本源位于{direction}度方位{km}处，可解释升高的{percent}%",
        "wind and readings fit others better: {km} away, bearing {direction} deg, explains {percent} % of the rise",
    ),
    "sources.because.near": (
        "无风况可用，仅凭远近：位于{direction}度方位{km}处，比一般候选源更符合读数",
        "no wind is known, by distance alone: {km} away, bearing {direction} deg, fits the readings better than most",
    ),
    "sources.because.far": (
        "无风况可用，仅凭远近：位于{direction}度方位{km}处，不如一般候选源符合读数",
        "no wind is known, by distance alone: {km} away, bearing {direction} deg, fits the readings worse than most",
    ),
    "sources.because.heard": (
        "{of}个站点中{count}个支持：{names}",
        "{count} of {of:=station} speak for it: {names}",
    ),
    "sources.because.silent": (
        "{of}个站点中{count}个反对：{names}",
        "{count} of {of:=station} speak against it: {names}",
    ),
    "sources.because.signature.fits": (
        "特征吻合：{parameter:parameter}与PM2.5之比{seen}，此类源通常为{expected}",
        "signature fits: {parameter:parameter} over PM2.5 is {seen}, usual of its kind {expected}",
    ),
    "sources.because.signature.differs": (
        "特征不符：{parameter:parameter}与PM2.5之比{seen}，此类源通常为{expected}",
        "signature differs: {parameter:parameter} over PM2.5 is {seen}, usual of its kind {expected}",
    ),
    "sources.because.grade": ("绩效分级{grade}级", "performance grade {grade}"),
    "sources.because.own_station": ("本站就设在该源处", "the station stands at this source"),
    "sources.because.running": (
        "用电监控{point}显示正在生产（{kw} kW）",
        "power pair {point}: production runs ({kw} kW)",
    ),
    "sources.because.stopped": ("用电监控显示未生产", "power pairs: production is off"),
    "sources.because.treatment_off": (
        "用电监控{point}：生产设施运行而治污设施未运行",
        "power pair {point}: production runs without treatment",
    ),
    "sources.because.own_high": (
        "自身扬尘监测{station}高出区县均值{value} µg/m³",
        "its own dust instrument {station} reads {value} µg/m³ above the county's mean",
    ),
    "sources.because.own_low": (
        "自身扬尘监测{station}与区县均值相差仅{value} µg/m³",
        "its own dust instrument {station} reads only {value} µg/m³ above the county's mean",
    ),
    "sources.because.alarm": ("自身报警：{rule:rule}", "an alarm of its own: {rule:rule}"),
    "sources.because.order": ("管控令在执行：{title}", "order in force: {title}"),
    "sources.because.order_broken": ("停工停产令期间仍在生产：{title}", "runs in spite of an order: {title}"),
    "sources.because.found": ("近一年查实{count}次", "found at fault {count:=time} in a year"),
    "sources.because.found_nothing": (
        "近一年现场核查未发现问题{count}次",
        "checked {count:=time} in a year, nothing found",
    ),
    "sources.because.traffic": (
        "附近遥感点{station}每小时过车{count}辆",
        "{count:=vehicle} an hour at {station} near by",
    ),
    "sources.because.bounded": (
        "关于该源的已知情况合计最多按{times}倍计",
        "what is known of it beside the air counts at most {times}-fold in all",
    ),
    # What a reader must know first.
    "sources.note.no_wind": (
        "没有风的数据：只能凭距离与特征判断，分不清上下风，排名仅供参考；接入风向风速后重新溯源",
        "no wind is known: judged by distance and signature alone, upwind and downwind alike, so the ranking tells little; "
        "give a wind (wind_speed and wind_dir) and trace again",
    ),
    "sources.note.wind_gap": (
        "这段时间没有风的数据：只能凭距离与特征判断，排名仅供参考",
        "no wind was measured in this time: judged by distance and signature alone, so the ranking tells little",
    ),
    "sources.note.wind_gaps": ("风的数据缺{count}个时段", "the wind lacks {count:=period}"),
    "sources.note.calm": (
        "{percent}%的时间为静风，方向不可靠",
        "calm {percent} % of the time: directions tell little",
    ),
    "sources.note.few": (
        "只有{count}个站点有数据，难以互相印证",
        "too few stations have a say ({count}) to bear one another out",
    ),
    "sources.note.no_candidates": (
        "{km}内清单中没有污染源，请核对坐标",
        "no source of the inventory within {km}: check positions",
    ),
    "sources.note.no_readings": (
        "这段时间没有有效读数：所列概率只是事先的估计，不是溯源结果",
        "no valid readings in this time: the shares are what is believed beforehand, nothing was traced",
    ),
    "sources.note.no_signal": ("没有高出平时波动的升高", "nothing stands above its usual scatter"),
    "sources.note.lone": (
        "只有本站升高，周边站均无响应：先核实仪器",
        "only this station rose and none near by: check the instrument first",
    ),
    "sources.note.own_quiet": (
        "本站未高出自身平时波动，升高最多的是{name}：所列来源解释的是周边站的升高",
        "this station does not stand above its own usual scatter, {name} rose most: the sources told explain the others' rise",
    ),
    "sources.note.left_out": (
        "{stations}：这段时间有{count}个读数被质控判为无效或存疑，未采用（见数据质量）",
        "{stations}: {count:=reading} of this time left out: a check or a person objects (gridseat quality)",
    ),
    "sources.note.spread": (
        "没有突出的候选源：前{count}个合计才{percent}%，先到其共同上风向排查",
        "no source stands out: the first {count} together have {percent} %; look where they lie together, upwind",
    ),
    "sources.note.suspect": ("所用读数为存疑数据", "the readings used are doubtful"),
    "sources.note.dead": (
        "以下因子无有效数据，未用于特征比对：{parameters}",
        "left out of the signature for want of data: {parameters}",
    ),
    # The radar.
    "sources.kind.coarse": ("偏粗颗粒型（扬尘）", "coarse particles (dust)"),
    "sources.kind.fine": ("偏细颗粒型", "fine particles"),
    "sources.kind.coal": ("偏燃煤型", "coal burning"),
    "sources.kind.vehicle": ("偏机动车型", "vehicles"),
    "sources.kind.combustion": ("偏不完全燃烧型", "incomplete burning"),
    "sources.kind.even": ("各因子均衡", "even"),
    # Refusals and outcomes.
    "sources.refused.interval": ("时段的结束早于开始", "the interval ends before it begins"),
    "sources.refused.no_station": (
        "该报警没有站点，无法溯源",
        "this alarm has no station: nothing to trace from",
    ),
    "sources.refused.grid": (
        "没有网格{code}，或它没有位置：请写网格代码，例如 {known}",
        "no grid {code}, or it has no place: give a grid's code, such as {known}",
    ),
    "sources.refused.parameter": (
        "没有可溯源的监测因子{code}，可选：{known}",
        "no parameter {code} that could be traced; there are: {known}",
    ),
    "sources.refused.not_here": (
        "站点{code}不监测{parameter}：请换一个站点，或用 --lon --lat 按位置溯源",
        "station {code} does not measure {parameter}: name another, or ask by --lon --lat",
    ),
    "sources.refused.none_here": (
        "站点{code}没有可溯源的监测因子：请用 --parameter 指明，或换一个站点",
        "station {code} measures nothing that could be traced: name a --parameter, or another station",
    ),
    "sources.refused.far_place": (
        "{lon}, {lat} 远在本市范围之外：请填经度、纬度（WGS-84，度）",
        "{lon}, {lat} lies far outside of the city: give longitude and latitude in WGS-84 degrees",
    ),
    "sources.refused.not_air": (
        "{code}不随空气扩散，不能按风溯源",
        "{code} does not come by air: it can't be traced by wind",
    ),
    "sources.refused.no_place": ("站点{code}没有坐标", "station {code} has no place"),
    "sources.refused.no_source": ("候选源中没有{code}", "{code} is not among the candidates"),
    "sources.refused.unmeasured": (
        "没有站点监测{parameter}；可用：{known}",
        "no station measures {parameter}; there are: {known}",
    ),
    "sources.refused.nothing": ("没有站点监测该因子", "no station measures it"),
    "sources.done.sent": ("已派发{task}给{holder}，去查{name}", "{task} sent to {holder}: {name}"),
    "sources.summary": (
        "溯源：{place} {parameter} 升高，{name}的概率{percent}%（均不是{none}%）。",
        "Tracing: {parameter} rose at {place}; {name} with {percent} % (none of these {none} %).",
    ),
    "sources.none": (
        "均不是（清单外来源或非单一来源）",
        "none of these (not in the inventory, or no single source)",
    ),
    "sources.none_short": ("均不是", "none of these"),
    "sources.none_parts": (
        "清单外来源 {unknown}%，无单一来源 {nothing}%",
        "a source that is not listed {unknown} %, no single source {nothing} %",
    ),
    # Sixteen directions.
    "sources.sector.0": ("北", "N"),
    "sources.sector.1": ("北东北", "NNE"),
    "sources.sector.2": ("东北", "NE"),
    "sources.sector.3": ("东东北", "ENE"),
    "sources.sector.4": ("东", "E"),
    "sources.sector.5": ("东东南", "ESE"),
    "sources.sector.6": ("东南", "SE"),
    "sources.sector.7": ("南东南", "SSE"),
    "sources.sector.8": ("南", "S"),
    "sources.sector.9": ("南西南", "SSW"),
    "sources.sector.10": ("西南", "SW"),
    "sources.sector.11": ("西西南", "WSW"),
    "sources.sector.12": ("西", "W"),
    "sources.sector.13": ("西西北", "WNW"),
    "sources.sector.14": ("西北", "NW"),
    "sources.sector.15": ("北西北", "NNW"),
}
