"""The store: what is wrong with it and how to mend it."""

from __future__ import annotations

ENTRIES: dict[str, tuple[str, str]] = {
    "store.unreadable": (
        "数据库 {path} 打不开：{error}。请确认文件没有损坏；可用 gridseat restore 从备份恢复。",
        "The store {path} can't be opened: {error}. Check that the file is whole; gridseat restore brings a backup back.",
    ),
    "store.folder": (
        "不能建立文件夹 {path}：{error}。请换一个 --store 路径，或检查权限。",
        "The folder {path} can't be made: {error}. Choose another --store, or check its permissions.",
    ),
    "store.is_folder": (
        "{path} 是文件夹，不是数据库文件。请给出文件路径，例如 {path}/gridseat.db。",
        "{path} is a folder, not a store. Name a file, such as {path}/gridseat.db.",
    ),
    "store.read_only": (
        "数据库 {path} 不可写。请检查文件权限和所有者。",
        "The store {path} can't be written. Check the file's owner and permissions.",
    ),
    "store.newer": (
        "数据库由更新版本的 gridseat 写成（版本 {revision}）。请先升级本机的 gridseat。",
        "The store was written by a newer gridseat (revision {revision}). Upgrade this gridseat first.",
    ),
    "store.busy": (
        "另一程序正占用数据库，操作没有保存。请稍候再试。",
        "Another program holds the store; nothing was saved. Try again in a moment.",
    ),
    "store.waits": (
        "数据库正忙，操作还在等待。",
        "The store is busy; this still waits.",
    ),
}
