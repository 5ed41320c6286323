"""A city pack: what can be wrong with it, what to do, and what each column means."""

from __future__ import annotations

from backend.words.entries.pack_columns import COLUMNS

FAULTS: dict[str, tuple[str, str]] = {
    "no_folder": ("找不到城市包文件夹。", "There is no such folder."),
    "missing_file": ("缺少必需的文件。", "A file that every pack needs is missing."),
    "unknown_file": ("不认识的文件。", "No file of a pack has this name."),
    "twice_file": ("{other} 同时存在压缩和未压缩两份。", "{other} is there twice, plain and gzipped."),
    "unreadable": ("文件读不出来：{error:os}。", "The file can't be read: {error:os}."),
    "gzip": ("gzip 文件损坏或不完整。", "The gzip file is damaged or cut short."),
    "too_large": ("解压后超过 {limit} MB。", "Unpacked it is larger than {limit} MB."),
    "gbk": ("编码不是 UTF-8，像是 GBK（GB 18030）。", "The text is not UTF-8; it looks like GBK (GB 18030)."),
    "not_utf8": ("编码不是 UTF-8。", "The text is not UTF-8."),
    "no_header": ("没有表头行。", "There is no header line."),
    "delimiter": (
        "列之间用的是“{mark}”，应为英文逗号。",
        'Columns are separated by "{mark}" instead of a comma.',
    ),
    "twice_column": ("列 {column} 出现了两次。", "Column {column} is there twice."),
    "misspelt_column": ("没有名为 {column} 的列。", "There is no column {column}."),
    "unknown_column": ("没有名为 {column} 的列。", "There is no column {column}."),
    "missing_column": ("缺少必需的列 {column}。", "Column {column} is missing."),
    "cells": (
        "本行有 {found} 格，表头有 {expected} 列。",
        "The row has {found:=cell}, the header {expected}.",
    ),
    "csv": ("CSV 读不下去：{error}。", "The CSV can't be read on: {error}."),
    "empty": ("{column} 不能为空。", "{column} may not be empty."),
    "control": (
        "{column} 含有不可见或控制字符 {character}。",
        "{column} holds the invisible or control character {character}.",
    ),
    "long": (
        "{column} 有 {length} 个字符，最多 {limit} 个。",
        "{column} has {length:=character}, {limit} at most.",
    ),
    "code": ("{column} 的编码“{value}”不能用。", '{column} "{value}" is no code.'),
    "codes": ("{column} 的编码清单“{value}”不能用。", '{column} "{value}" is no list of codes.'),
    "integer": ("{column} 的“{value}”不是整数。", '{column} "{value}" is not a whole number.'),
    "number": ("{column} 的“{value}”不是数字。", '{column} "{value}" is not a number.'),
    "range": ("{column} 的 {value} 超出 {low} 到 {high}。", "{column} {value} is outside {low} to {high}."),
    "flag": ("{column} 的“{value}”应为 0 或 1。", '{column} "{value}" should be 0 or 1.'),
    "date": ("{column} 的“{value}”不是日期。", '{column} "{value}" is not a date.'),
    "instant": ("{column} 的“{value}”不是时间。", '{column} "{value}" is not a date and time.'),
    "minute": ("{column} 的“{value}”不是钟点。", '{column} "{value}" is not a time of day.'),
    "days": (
        "{column} 的“{value}”不是七位星期标记。",
        '{column} "{value}" is not seven marks for Monday to Sunday.',
    ),
    "choice": ("{column} 的“{value}”不在可选值内。", '{column} "{value}" is none of the known words.'),
    "duplicate": (
        "{value} 重复，已在 {file} 第 {line} 行出现。",
        "{value} is there already, in {file} line {line}.",
    ),
    "unknown_code": ("{column} 的 {value} 在 {file} 中不存在。", "{column} {value} is not in {file}."),
    "half_position": ("只给了一半坐标，缺 {column}。", "Half a position: {column} is missing."),
    "swapped": ("经纬度写反了（{lon}, {lat}）。", "Longitude and latitude are swapped ({lon}, {lat})."),
    "outside": (
        "位置 {lon}, {lat} 在城市范围 {bounds} 之外。",
        "The position {lon}, {lat} is outside the city's {bounds}.",
    ),
    "no_root": ("没有一级网格（全市）。", "There is no grid of level 1, the city itself."),
    "two_roots": (
        "已有一级网格 {first}（第 {line} 行）。",
        "There is a level-1 grid already: {first} in line {line}.",
    ),
    "city_code": (
        "一级网格 {value} 与 city.toml 的 code {code} 不一致。",
        "The level-1 grid {value} is not the code {code} of city.toml.",
    ),
    "root_parent": (
        "一级网格 {code} 不应有上级 {parent}。",
        "The level-1 grid {code} may have no parent {parent}.",
    ),
    "no_parent": ("网格 {code} 没有上级网格。", "Grid {code} has no parent."),
    "parent_level": (
        "网格 {code} 是 {level} 级，上级 {parent} 却是 {above} 级。",
        "Grid {code} is of level {level}, but its parent {parent} is of level {above}.",
    ),
    "cycle": ("网格上下级成环：{path}。", "Grids are their own ancestors: {path}."),
    "tier": (
        "{tier} 级指挥中心不能设在 {level} 级网格 {grid}。",
        "A centre of tier {tier} can't stand at grid {grid} of level {level}.",
    ),
    "two_centres": ("网格 {grid} 已有指挥中心 {other}。", "Grid {grid} has the centre {other} already."),
    "member_grid": (
        "网格员 {code} 的网格 {grid} 是 {level} 级，应为 3 级或 4 级。",
        "Member {code} has grid {grid} of level {level}; members have grids of level 3 or 4.",
    ),
    "no_centre": ("{code} 没有所属指挥中心。", "{code} has no centre."),
    "period": ("结束 {end} 不晚于开始 {start}。", "The end {end} is not after the start {start}."),
    "overlap": (
        "事件类型 {code} 从 {start} 起的版本与第 {line} 行的版本重叠。",
        "The version of {code} from {start} overlaps that of line {line}.",
    ),
    "load_kind": (
        "只有 heavy_pollution 有允许负荷，这里是 {kind}。",
        "Only a heavy_pollution order has an allowed load; this one is {kind}.",
    ),
    "low_high": ("{code} 的下限 {low} 不小于上限 {high}。", "{code} has low {low} not below high {high}."),
    "unit": (
        "{parameter} 的单位写成 {found}，应为 {unit}。",
        "{parameter} is given in {found}, but kept in {unit}.",
    ),
    "alias": (
        "上游名 {value} 已属于站点 {other}（第 {line} 行）。",
        "The upstream name {value} belongs to station {other} already (line {line}).",
    ),
    "no_measures": ("站点 {code} 没有监测项目。", "Station {code} measures nothing."),
    "nowhere": ("站点 {code} 既无网格也无坐标。", "Station {code} has neither a grid nor a position."),
    "power_source": (
        "用电监控点 {code} 的 {source} 是 {kind}，不是企业。",
        "Power point {code} stands at {source}, which is a {kind} and no enterprise.",
    ),
    "power_code": ("用电监控点 {code} 与某站点同编码。", "Power point {code} has the code of a station."),
    "same_meter": (
        "用电监控点 {code} 的生产表和治理表都是 {value}。",
        "Power point {code} has one meter {value} for production and treatment.",
    ),
    "toml": ("TOML 写法有误：{error}。", "The TOML is broken: {error}."),
    "missing_key": ("缺少 {key}。", "{key} is missing."),
    "unknown_key": ("不认识的键 {key}。", "There is no key {key}."),
    "key_type": ("{key} 的写法不对。", "{key} is not written right."),
    "zone": ("没有时区 {value}。", "There is no time zone {value}."),
    "word_language": ("words.{value} 不是可用的语言。", "words.{value} is no language."),
    "word_text": ("词条 {value} 的内容不能用。", "The words for {value} can't be used."),
    "datum": (
        "不认识坐标系 {value}。",
        "The datum {value} is none of WGS-84, CGCS2000, GCJ-02.",
    ),
    "json": ("GeoJSON 写法有误：{error}。", "The GeoJSON is broken: {error}."),
    "not_features": ("不是 GeoJSON FeatureCollection。", "This is no GeoJSON FeatureCollection."),
    "shape_code": ("边界没有网格编码（properties.code）。", "An outline has no grid code (properties.code)."),
    "geometry": ("{code} 的几何类型是 {found}。", "{code} has a geometry of type {found}."),
    "coordinates": ("{code} 的坐标结构不对。", "{code} has coordinates that are no rings of positions."),
    "ring_open": ("{code} 的边界环没有闭合。", "A ring of {code} is not closed."),
    "ring_short": (
        "{code} 的边界环只有 {points} 个点或没有面积。",
        "A ring of {code} has {points:=point}, or no area.",
    ),
    "ring_crosses": (
        "{code} 的边界在 {lon}, {lat} 附近自相交。",
        "A ring of {code} crosses itself near {lon}, {lat}.",
    ),
    "shape_swapped": (
        "{code} 的边界经纬度写反了（{lon}, {lat}）。",
        "The outline of {code} has longitude and latitude swapped ({lon}, {lat}).",
    ),
    "shape_outside": (
        "{code} 的边界有 {points} 个点在城市范围之外，如 {lon}, {lat}。",
        "{points:=point} of the outline of {code} lie outside the city, such as {lon}, {lat}.",
    ),
}

HINTS: dict[str, tuple[str, str]] = {
    "no_folder": (
        "请检查路径；可用 gridseat city template DIR 生成示例。",
        "Check the path; gridseat city template DIR writes an example.",
    ),
    "missing_file": (
        "补上该文件；gridseat city template DIR 有示例。",
        "Add it; gridseat city template DIR shows one.",
    ),
    "unknown_file": (
        "最接近的文件名：{near}；说明文字请放进 .md 或 .txt。",
        "Nearest name: {near}. Notes go into .md or .txt files.",
    ),
    "twice_file": ("只留一份。", "Keep one of them."),
    "unreadable": ("检查文件权限。", "Check the file's permissions."),
    "gzip": ("重新压缩，或放未压缩的 CSV。", "Zip it again, or put the plain CSV there."),
    "too_large": (
        "把表拆成几个文件，如 vehicles-1.csv.gz、vehicles-2.csv.gz。",
        "Split the table, as vehicles-1.csv.gz and vehicles-2.csv.gz.",
    ),
    "gbk": (
        "另存为 UTF-8，或运行 iconv -f GB18030 -t UTF-8 {file}。",
        "Save it as UTF-8, or run iconv -f GB18030 -t UTF-8 {file}.",
    ),
    "not_utf8": ("用编辑器打开，另存为 UTF-8。", "Open it in an editor and save it as UTF-8."),
    "no_header": ("第一行写列名：{columns}", "Write the columns in the first line: {columns}"),
    "delimiter": ("以“CSV UTF-8（逗号分隔）”格式另存。", "Save it as comma-separated CSV UTF-8."),
    "twice_column": ("删去一列。", "Take one of them out."),
    "misspelt_column": ("是否应为 {near}？", "Should it be {near}?"),
    "unknown_column": ("删去该列，或改为：{columns}。", "Take it out, or use one of: {columns}."),
    "missing_column": ("加上 {column} 列并逐行填写。", "Add the column {column} and fill it in each row."),
    "cells": (
        "含逗号的内容要用英文双引号括起来；检查是否多或少了逗号。",
        "Put double quotes around a cell that holds a comma; look for a comma too many or too few.",
    ),
    "csv": ("检查双引号是否成对。", "Look for a double quote that is not closed."),
    "empty": ("填写 {column}。", "Fill in {column}."),
    "control": ("删去该字符，重新键入这一格。", "Delete the character, or type the cell anew."),
    "long": ("缩短到 {limit} 个字符以内。", "Shorten it to {limit:=character}."),
    "code": (
        "用 1 到 64 个不含空格、逗号、分号、引号和竖线的字符。",
        "Use 1 to 64 characters without spaces, commas, semicolons, quotes or bars.",
    ),
    "codes": (
        "多个编码之间用竖线 | 隔开，编码内不要有空格。",
        "Separate several codes by |, without spaces.",
    ),
    "integer": ("只写数字，不带单位、逗号或小数。", "Write digits only, without unit, comma or decimals."),
    "number": (
        "只写半角数字和小数点，不带单位或千位逗号。",
        "Write digits and a decimal point only, without unit or thousands comma.",
    ),
    "range": ("改为 {low} 到 {high} 之间的值。", "Give a value from {low} to {high}."),
    "flag": ("写 0（否）或 1（是）。", "Write 0 (no) or 1 (yes)."),
    "date": ("写成 2026-11-03。", "Write it as 2026-11-03."),
    "instant": ("写成 2026-11-03 08:00（本市时间）。", "Write it as 2026-11-03 08:00, in the city's time."),
    "minute": ("写成 08:30，最晚 24:00。", "Write it as 08:30, up to 24:00."),
    "days": (
        "周一到周日各写一个 0 或 1，如 1111100。",
        "Write a 0 or 1 for each day from Monday, such as 1111100.",
    ),
    "choice": ("可选：{choices}。是否应为 {near}？", "Use one of {choices}. Should it be {near}?"),
    "duplicate": ("改其中一个编码，或删去一行。", "Change one of them, or take a row out."),
    "unknown_code": (
        "在 {file} 中补上，或改为已有编码；最接近：{near}。",
        "Add it to {file}, or use one that is there; nearest: {near}.",
    ),
    "half_position": ("经度、纬度都写，或都留空。", "Give both, or neither."),
    "swapped": ("lon 写经度，lat 写纬度，对调两格。", "Exchange the two: lon is longitude, lat is latitude."),
    "outside": (
        "核对坐标，或放宽 city.toml 的 bounds（市外的源写 surroundings）。",
        "Check the position, or widen bounds in city.toml (surroundings for what lies outside the city).",
    ),
    "no_root": (
        "在 grids.csv 加一行 level 为 1、parent 为空的全市网格。",
        "Add a row with level 1 and an empty parent.",
    ),
    "two_roots": (
        "只留一个一级网格，其余改为 2 级并写上级。",
        "Keep one; give the others level 2 and a parent.",
    ),
    "city_code": ("让两处一致。", "Make them the same."),
    "root_parent": ("清空 parent。", "Empty its parent."),
    "no_parent": (
        "在 parent 写一个 {level} 级网格的编码。",
        "Give the code of a grid of level {level} as parent.",
    ),
    "parent_level": ("上级应为 {needed} 级。", "The parent must be of level {needed}."),
    "cycle": ("改正其中一个 parent。", "Mend the parent of one of them."),
    "tier": (
        "该级中心应设在 {needed} 级网格：M 市、C 县、T 乡镇。",
        "Give it a grid of level {needed}: M is the city, C a county, T a township.",
    ),
    "two_centres": ("一个网格只设一个指挥中心。", "A grid has one centre."),
    "member_grid": ("写成所辖四级网格的编码。", "Give the level-4 grid that the member looks after."),
    "no_centre": ("在 centre 写所属指挥中心的编码。", "Give the code of the centre where they sit."),
    "period": (
        "核对起止时间；长期有效则把结束留空。",
        "Check both; leave the end empty where it holds for ever.",
    ),
    "overlap": ("给前一版写上 valid_to。", "Give the earlier version a valid_to."),
    "load_kind": (
        "把允许负荷留空；停产用 stop_work。",
        "Leave the allowed load empty; to stop a plant, give a stop_work order.",
    ),
    "low_high": ("核对上下限。", "Check both."),
    "unit": (
        "单位按参数表填写；换算写在 feeds.toml 的该数据源里。",
        "Give the parameter's unit; conversions belong to the feed, in feeds.toml.",
    ),
    "alias": ("每个上游名只能对应一个站点。", "A name that a feed uses leads to one station."),
    "no_measures": (
        "在 measures 写 measures.csv 中的一组，或把 in_service 写成 0。",
        "Name a set of measures.csv, or set in_service to 0.",
    ),
    "nowhere": ("至少填写网格或经纬度。", "Give its grid, or lon and lat."),
    "power_source": (
        "source 写 kind 为 enterprise 的污染源编码。",
        "Give the code of a source whose kind is enterprise.",
    ),
    "power_code": (
        "换一个编码：用电监控点自己就是站点。",
        "Choose another code: a power point is a station by itself.",
    ),
    "same_meter": ("填写两块不同的电表。", "Give two different meters."),
    "toml": ("检查这一行的引号、括号和等号。", "Look at the quotes, brackets and equals sign of this line."),
    "missing_key": ("加上 {key} = {example}", "Add {key} = {example}"),
    "unknown_key": ("可用：{near}。", "Known: {near}."),
    "key_type": ("应写成 {expected}。", "Write it as {expected}."),
    "zone": ("写 IANA 时区名，如 Asia/Shanghai。", "Give an IANA name, such as Asia/Shanghai."),
    "word_language": ("用 [words.zh] 或 [words.en]。", "Use [words.zh] or [words.en]."),
    "word_text": (
        "写一行文字；花括号须成对，中间写参数名。",
        "Give a line of text; braces come in pairs, with an argument's name between them.",
    ),
    "datum": (
        "写 WGS-84、CGCS2000 或 GCJ-02（高德、腾讯）；百度的 BD-09 须先转换。",
        "Write WGS-84, CGCS2000 or GCJ-02 (AMap, Tencent); turn Baidu's BD-09 into one of them first.",
    ),
    "json": ("检查这一行附近的逗号和括号。", "Look at the commas and brackets near this line."),
    "not_features": (
        "导出为 FeatureCollection，每个网格一个 Feature。",
        "Export a FeatureCollection with one Feature for each grid.",
    ),
    "shape_code": ("在 properties 加 code，值为网格编码。", "Add code to its properties: the grid's code."),
    "geometry": ("用 Polygon 或 MultiPolygon。", "Use Polygon or MultiPolygon."),
    "coordinates": (
        "Polygon 是环的列表，环是 [经度, 纬度] 的列表。",
        "A Polygon is a list of rings, a ring a list of [lon, lat].",
    ),
    "ring_open": ("把第一个点 [{first}] 在末尾再写一次。", "Repeat its first position [{first}] at its end."),
    "ring_short": ("至少四个点，首尾相同。", "Give at least four positions, the first also as the last."),
    "ring_crosses": (
        "在 GIS 中修复几何（如 QGIS 的“修正几何图形”）。",
        "Repair it in a GIS (in QGIS: Fix geometries).",
    ),
    "shape_swapped": ("GeoJSON 先写经度后写纬度。", "GeoJSON gives longitude first, then latitude."),
    "shape_outside": (
        "核对坐标系，或放宽 city.toml 的 bounds。",
        "Check the datum, or widen bounds in city.toml.",
    ),
    "text": ("按提示修改 {file}。", "Mend {file} as it says."),
}

ENTRIES: dict[str, tuple[str, str]] = {
    **{f"pack.fault.{kind}": words for kind, words in FAULTS.items()},
    **{f"pack.hint.{kind}": words for kind, words in HINTS.items()},
    **{f"pack.{column}": words for column, words in COLUMNS.items()},
}
