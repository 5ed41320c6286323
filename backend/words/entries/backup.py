"""Backup and restore."""

from __future__ import annotations

ENTRIES: dict[str, tuple[str, str]] = {
    "backup.done": ("已备份到 {path}（{size} MB，校验通过）。", "Backed up to {path} ({size} MB, checked)."),
    "backup.restored": ("已恢复到 {path}。", "Restored to {path}."),
    "backup.restored_aside": (
        "已恢复到 {path}；原数据库保留在 {aside}。",
        "Restored to {path}; the store that was there is kept as {aside}.",
    ),
    "backup.not_sqlite": (
        "PostgreSQL 数据库请用 pg_dump 备份。",
        "A PostgreSQL store is backed up with pg_dump.",
    ),
    "backup.exists": (
        "{path} 已存在，没有覆盖。请换一个文件名。",
        "{path} exists and was not overwritten. Choose another name.",
    ),
    "backup.failed": (
        "备份到 {path} 失败：{error:os}。没有写下任何文件；请检查文件夹 {folder} 是否可写、磁盘是否已满，或换一个位置。",
        "The backup to {path} failed: {error:os}. Nothing was written; check that the folder {folder} can be written and has room, or choose another.",
    ),
    "backup.no_folder": (
        "没有文件夹 {folder}，{path} 没有写下。请先建立它，或换一个位置。",
        "There is no folder {folder}, so {path} was not written. Make it first, or choose another.",
    ),
    "backup.not_restored": (
        "不能恢复到 {path}：{error:os}。没有改动现有数据库；请检查文件夹 {folder} 是否可写、磁盘是否已满。",
        "{path} can't be restored: {error:os}. Nothing was changed; check that the folder {folder} can be written and has room.",
    ),
    "backup.restore_url": (
        "只能恢复到文件形式的数据库，--store 请写文件路径；PostgreSQL 数据库请用 pg_restore。",
        "Only a store in a file is restored: name its path as --store. A PostgreSQL store is restored with pg_restore.",
    ),
    "backup.unreadable": (
        "读不了备份 {path}：{error:os}。请检查路径和权限。",
        "The backup {path} can't be read: {error:os}. Check its name and permissions.",
    ),
    "backup.missing": ("没有备份文件 {path}。", "There is no backup {path}."),
    "backup.damaged": (
        "备份 {path} 不完整：{error}。没有改动现有数据库。",
        "The backup {path} is not whole: {error}. Nothing was changed.",
    ),
    "backup.in_use": (
        "数据库 {path} 正在使用。请先退出控制台、agent 和 hub 再恢复。",
        "The store {path} is in use. End the console, the agent and the hub first.",
    ),
}
