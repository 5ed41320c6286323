"""The store: what is wrong with it and how to mend it."""

from __future__ import annotations

ENTRIES: dict[str, tuple[str, str]] = {
    "store.unreadable": (
        "数据库 {path} 打不开：{error}。请确认文件没有损坏；可用 gridseat restore 从备份恢复。",
        "The store {path} can't be opened: {error}. Check that the file is whole; gridseat restore brings a backup back.",
    ),
    "store.folder": (
        "不能建立文件夹 {path}：{error:os}。请换一个 --store 路径，或检查权限。",
        "The folder {path} can't be made: {error:os}. Choose another --store, or check its permissions.",
    ),
    "store.url": (
        "{scheme}:// 不是可用的数据库地址。--store 可写：文件路径，sqlite:///路径，或 postgresql+psycopg://用户:密码@主机/库名。",
        "{scheme}:// is no address of a store. --store takes the path of a file, sqlite:///PATH, or postgresql+psycopg://USER:PASSWORD@HOST/DATABASE.",
    ),
    "store.none": (
        "{path} 处没有数据库，未新建。请检查 --store；新建请用 gridseat city load 目录；先看看可用 gridseat demo。",
        "There is no store at {path}, and none was made. Check --store; gridseat city load DIR begins one, gridseat demo is for looking around.",
    ),
    "store.no_driver": (
        '本机没有装 PostgreSQL 驱动。请运行 pip install "psycopg[binary]"，或在 --store 写文件路径。',
        'The way to PostgreSQL is not installed here. Run pip install "psycopg[binary]", or name a file as --store.',
    ),
    "store.server": (
        "连不上数据库 {path}：{error}。请确认服务器在运行，并检查地址、库名、用户、密码和权限。",
        "The database {path} can't be used: {error}. Check that its server runs, and the address, database, user, password and rights.",
    ),
    "store.unwritable": (
        "数据库 {path} 打不开：{error:os}。请检查文件夹 {folder} 是否可写，或换一个 --store 路径。",
        "The store {path} can't be opened: {error:os}. Check that the folder {folder} can be written, or choose another --store.",
    ),
    "store.full": (
        "数据库 {path} 打不开：{error}。磁盘已满，请清理磁盘，或用 --store 换到别的盘。",
        "The store {path} can't be opened: {error}. The disk is full: free some, or choose another --store.",
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
    "store.away": (
        "连不上数据库服务器。操作未必已保存，恢复后请核对。",
        "The database's server is away. An act may not be saved: look when it is back.",
    ),
    "store.waits": (
        "数据库正忙，操作还在等待。",
        "The store is busy; this still waits.",
    ),
}
