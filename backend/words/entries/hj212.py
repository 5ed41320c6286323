"""What is said about HJ 212 frames."""

from __future__ import annotations

ENTRIES: dict[str, tuple[str, str]] = {
    "hj212.garbage": (
        "报文之间有 {bytes} 字节无法识别的内容",
        "{bytes:=byte} between frames that are no frame",
    ),
    "hj212.cut": (
        "报文不完整：声明数据段 {declared} 字节，收到 {length} 字节，没有 CRC",
        "The frame is cut off: {declared:=byte} declared, {length} received, no CRC",
    ),
    "hj212.length": (
        "长度不符：声明 {declared} 字节，实际 {length} 字节",
        "Wrong length: {declared:=byte} declared, {length} found",
    ),
    "hj212.crc": (
        "CRC 校验不符：报文为 {given}，按 HJ 212 附录 A 计算为 {calculated}",
        "Wrong CRC: the frame says {given}, HJ 212 annex A gives {calculated}",
    ),
    "hj212.sm4": (
        "设备 {mn} 的数据区已用 SM4 加密，未解密，原文已留存",
        "The body from {mn} is encrypted (SM4); it is kept as it came",
    ),
    "hj212.field": ("报文缺少 {field}", "The frame has no {field}"),
    "hj212.twice": (
        "因子项 {factor} 在同一报文中重复，只取第一个",
        "{factor} stands twice in one frame; only the first counts",
    ),
    "hj212.code.unknown": (
        "未配置的因子编码 {factor}，请在该数据源的 [codes] 中说明，或列入 ignore",
        "Unknown factor code {factor}: name it in the feed's [codes], or list it in ignore",
    ),
    "hj212.option.code": (
        "{where}：因子表中没有 {factor}，请写在 [codes]",
        "{where}: {factor} is not in the table of factors; name it in [codes]",
    ),
    "hj212.novalue": (
        "因子 {factor} 既无 -Avg 也无 -Rtd",
        "Factor {factor} has neither -Avg nor -Rtd",
    ),
    "hj212.push": (
        "HJ 212 由设备主动上报，不能轮询；请用 gridseat hub 接收或用 gridseat import 导入文件",
        "HJ 212 devices push: receive them with `gridseat hub`, or import a file with `gridseat import`",
    ),
    "hj212.none": ("没有找到 HJ 212 报文", "No HJ 212 frame found"),
    "hj212.report": (
        "{frames} 条报文，{good} 条可用，{bad} 条有问题",
        "Frames: {frames}, good: {good}, bad: {bad}",
    ),
    "hj212.unreadable": (
        "无法读取 {path}：{error:os}。请检查路径和权限。",
        "Can't read {path}: {error:os}. Check its name and permissions.",
    ),
    "hj212.large": (
        "{path} 超过 {limit} MB，请分段解码",
        "{path} is larger than {limit} MB: decode it in parts",
    ),
}
