"""Answers of the HTTP side."""

from __future__ import annotations

ENTRIES: dict[str, tuple[str, str]] = {
    "hub.no_key": (
        "缺少密钥。请在请求头加 Authorization: Bearer 密钥（gridseat keys make push:数据源 生成）。",
        "The key is missing. Send the header Authorization: Bearer KEY (gridseat keys make push:FEED makes one).",
    ),
    "hub.bad_key": ("密钥无效，或不适用于这个数据源。", "The key is not valid, or not for this feed."),
    "hub.no_feed": ("没有接收推送的数据源 {feed}。", "There is no feed {feed} that takes pushes."),
    "hub.too_large": (
        "报文超过 {limit} 字节，请分批发送。",
        "The body is larger than {limit:=byte}; send it in smaller batches.",
    ),
    "hub.empty": ("报文为空。", "The body is empty."),
    "hub.busy": ("数据库正忙，请稍后重发。", "The store is busy; send it again in a moment."),
    "hub.listening": (
        "HTTP 接口在 http://{host}:{port} 上等待。Ctrl+C 结束。",
        "The HTTP side listens on http://{host}:{port}. Ctrl+C ends it.",
    ),
    "hub.port_taken": (
        "端口 {port} 打不开：{error:os}。请换一个 --port。",
        "The port {port} can't be opened: {error:os}. Choose another --port.",
    ),
    "hub.bad_port": (
        "没有端口 {port}。--port 请写 0 到 {most} 之间的数；0 由系统选一个空闲端口。",
        "There is no port {port}. Give a --port from 0 to {most}; 0 picks a free one.",
    ),
    "hub.bad_host": (
        "不能在地址 {host} 上等待：{error:os}。--host 请写本机的地址，例如 127.0.0.1，或 0.0.0.0（全部网卡）。",
        "The address {host} can't be listened on: {error:os}. Give one of this machine's as --host, such as 127.0.0.1, or 0.0.0.0 for all.",
    ),
}
