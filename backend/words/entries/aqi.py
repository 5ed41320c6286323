"""What ``gridseat aqi`` says: its answer for people, and what is wrong with what it was given."""

from __future__ import annotations

ENTRIES: dict[str, tuple[str, str]] = {
    "aqi.heading": ("AQI {aqi}  {roman} {level}（{colour}）", "AQI {aqi}  {roman}, {level} ({colour})"),
    "aqi.heading_na": ("AQI NA", "AQI NA"),
    "aqi.primary": ("首要污染物：{names}", "Primary pollutant: {names}"),
    "aqi.no_primary": (
        "首要污染物：无（AQI 不大于 {above}）",
        "Primary pollutant: none (AQI is not above {above})",
    ),
    "aqi.basis": ("依据：{standard} {report}，{date}", "By {standard}, {report}, {date}"),
    "aqi.groups": ("敏感人群：{names}", "Sensitive groups: {names}"),
    "aqi.column.item": ("项目", "item"),
    "aqi.column.value": ("浓度", "concentration"),
    "aqi.column.sub": ("IAQI", "IAQI"),
    "aqi.missing": ("缺测", "missing"),
    "aqi.unmonitored": ("/", "/"),
    "aqi.separator": ("、", ", "),
    "aqi.held_back": (
        "缺 {names}：{standard} 规定缺项时 AQI 大于 {above} 才发布。已有各项中 IAQI 最大为 {computed}。"
        "从不监测的项目请写 /（例如 --{example} /）。",
        "{names} missing: with an item missing, {standard} publishes only an AQI above {above}. The largest IAQI "
        "of the rest is {computed}. Give / for what is never measured here (--{example} /).",
    ),
    "aqi.nothing": ("没有任何参与评价的浓度。", "No concentration that enters the index."),
    "aqi.beyond": (
        "{where}：{item} 高于 {top} {unit}，{standard} 不计算其分指数，AQI 为其余各项的结果。",
        "{where}: {item} is above {top} {unit}, for which {standard} gives no sub-index; the AQI is that of the rest.",
    ),
    "aqi.where.cell": ("第 {line} 行 {column} 列", "line {line}, column {column}"),
    "aqi.where.line": ("第 {line} 行", "line {line}"),
    "aqi.where.option": ("--{option}", "--{option}"),
    "aqi.bad.word": (
        "{where}：「{cell}」不是数字。请写浓度数字（如 87.5），缺测请留空。",
        "{where}: {cell!r} is not a number. Write a concentration (87.5), or leave it blank where missing.",
    ),
    "aqi.bad.nan": (
        "{where}：「{cell}」不是浓度。缺测请留空。",
        "{where}: {cell!r} is no concentration. Leave it blank where missing.",
    ),
    "aqi.bad.infinite": (
        "{where}：「{cell}」是无穷大，不是浓度。缺测请留空。",
        "{where}: {cell!r} is infinite, no concentration. Leave it blank where missing.",
    ),
    "aqi.bad.negative": (
        "{where}：「{cell}」为负。请改正，或留空（零点漂移的值不参与计算）。",
        "{where}: {cell!r} is negative. Correct it, or leave it blank (a drifting zero does not enter the index).",
    ),
    "aqi.unlikely": (
        "{where}：{cell} {unit} 高于仪器量程（{high}），请核对单位（CO 为 mg/m³，其余为 µg/m³）。已照算。",
        "{where}: {cell} {unit} is above what instruments measure ({high}); check the unit (CO in mg/m³, the others "
        "in µg/m³). Computed as given.",
    ),
    "aqi.usage.nothing": (
        "没有给出浓度。请写如 --pm25 87 --pm10 152，或用 --csv 文件。",
        "No concentration given. Write --pm25 87 --pm10 152 and so on, or --csv FILE.",
    ),
    "aqi.usage.both": (
        "--csv 不能与 --{option} 同用：浓度来自文件，结果为 CSV。",
        "--csv does not go with --{option}: the concentrations come from the file, and CSV comes out.",
    ),
    "aqi.usage.only_csv": ("--{option} 只与 --csv 同用。", "--{option} goes with --csv only."),
    "aqi.usage.date": (
        "看不懂日期「{text}」。请写成 2026-03-01。",
        "The date {text!r} can't be read. Write 2026-03-01.",
    ),
    "aqi.usage.column": (
        "--column {text} 不对。请写 名称=列名，名称为 {names} 之一，例如 --column co=co_mg。",
        "--column {text} can't be read. Write NAME=HEADER with NAME one of {names}, as in --column co=co_mg.",
    ),
    "aqi.usage.no_header": (
        "文件里没有 --column 指定的列 {header}。文件有这些列：{found}。",
        "The file has no column {header} as --column says. It has: {found}.",
    ),
    "aqi.usage.encoding": (
        "读不了编码 {name}。常用：utf-8、gb18030。",
        "The encoding {name} can't be read. Usual ones: utf-8, gb18030.",
    ),
    "aqi.csv.no_file": (
        "没有文件 {path}。请核对路径；从管道读入请用 --csv -。",
        "There is no file {path}. Check the path; --csv - reads from a pipe.",
    ),
    "aqi.csv.unreadable": ("读不了 {path}：{error:os}。", "{path} can't be read: {error:os}."),
    "aqi.csv.empty": (
        "{path} 是空的。第一行应为列名，如 pm25,pm10,so2,no2,co,o3,o3_8h。",
        "{path} is empty. Its first line should name the columns: pm25,pm10,so2,no2,co,o3,o3_8h.",
    ),
    "aqi.csv.no_columns": (
        "{path} 没有浓度列。需要 {names} 中的列，文件有：{found}。列名不同时用 --column，例如 --column co=co_mg。",
        "{path} has no column of concentrations. It needs some of {names}; it has: {found}. For other names use "
        "--column, as in --column co=co_mg.",
    ),
    "aqi.csv.twice": (
        "{path} 有两列都叫 {column}。请删去或改名一列，或用 --column {column}=列名 指定。",
        "{path} has two columns {column}. Remove or rename one, or say which with --column {column}=HEADER.",
    ),
    "aqi.csv.absent": (
        "没有 {names} 列：各行都按缺测处理。列名不同时用 --column，例如 --column co=co_mg。",
        "No column for {names}: missing in every row. For other names use --column, as in --column co=co_mg.",
    ),
    "aqi.csv.renamed": (
        "文件原有的 {column} 列改名为 {kept}，以免与结果混淆。",
        "The file's own column {column} is now {kept}, so as not to be taken for the result.",
    ),
    "aqi.csv.encoding": (
        "第 {line} 行不是 {encoding} 编码。Excel 存的中文 CSV 多为 GBK：请加 --encoding gb18030，或另存为“CSV UTF-8”。",
        "Line {line} is not {encoding}. A Chinese CSV from Excel is often GBK: add --encoding gb18030, or save it as "
        '"CSV UTF-8".',
    ),
    "aqi.csv.utf16": (
        "{path} 是 UTF-16 编码（Excel 的“Unicode 文本”）。请另存为“CSV UTF-8”。",
        '{path} is UTF-16 (Excel\'s "Unicode text"). Save it as "CSV UTF-8".',
    ),
    "aqi.csv.broken": (
        "第 {line} 行不是合法的 CSV（{error}）。请检查引号是否成对。",
        "Line {line} is no CSV ({error}). Check that its quotes are paired.",
    ),
    "aqi.csv.width": (
        "第 {line} 行有 {cells} 格，表头有 {heads} 格。请检查该行的逗号和引号。",
        "Line {line} has {cells:=cell} where the header has {heads}. Check its commas and quotes.",
    ),
    "aqi.csv.more": ("另有 {count} 处问题未列出。", "Faults that are not listed: {count}."),
    "aqi.csv.summary": (
        "{total} 行中有 {bad} 行未计算，结果列留空。",
        "{bad} of {total:=row was|rows were} not computed; their added columns are empty.",
    ),
}
