"""What a machine says of files, folders and ports (`backend.words.machine`)."""

from __future__ import annotations

ENTRIES: dict[str, tuple[str, str]] = {
    "os.ENOENT": ("没有这个文件或文件夹", "no such file or folder"),
    "os.EACCES": ("没有权限", "permission denied"),
    "os.EPERM": ("不允许这样做", "not permitted"),
    "os.EEXIST": ("同名文件已存在", "a file of this name is there already"),
    "os.ENOTDIR": ("不是文件夹", "not a folder"),
    "os.EISDIR": ("是文件夹", "it is a folder"),
    "os.ENOSPC": ("磁盘已满", "no space is left on the disk"),
    "os.EDQUOT": ("磁盘配额已用完", "the disk quota is used up"),
    "os.EROFS": ("磁盘是只读的", "the disk is read-only"),
    "os.EIO": ("磁盘读写出错", "the disk can't read or write it"),
    "os.ELOOP": ("符号链接循环", "its links lead in a circle"),
    "os.ENAMETOOLONG": ("名称太长", "the name is too long"),
    "os.EADDRINUSE": ("端口已被占用", "another program has it"),
    "os.ECONNREFUSED": ("对方端口没有程序在等待", "nothing listens there"),
    "os.ECONNRESET": ("对方中断了连接", "the other side broke it off"),
    "os.ETIMEDOUT": ("对方没有响应", "nobody answers there"),
    "os.EHOSTUNREACH": ("网络到不了对方", "no way leads there"),
    "os.ENETUNREACH": ("网络到不了对方", "no way leads there"),
    "os.EADDRNOTAVAIL": ("不是本机的地址", "it is no address of this machine"),
}
