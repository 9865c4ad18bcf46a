"""What the disk refuses, in Chinese words: the system says it in English, and only to programmers.

Called wherever a file of the office, of a form or of a paper cannot be opened or written.
"""

from __future__ import annotations

import errno

_WHY = {
    **dict.fromkeys((errno.ENOSPC, errno.EDQUOT), "磁盘满了"),
    errno.EFBIG: "文件太大",
    errno.EIO: "磁盘读写出错",
    errno.EROFS: "磁盘只读",
    **dict.fromkeys((errno.EACCES, errno.EPERM), "没有权限"),
    errno.ENOENT: "没有这个文件或文件夹",
    errno.EISDIR: "这是文件夹，不是文件",
    errno.ENOTDIR: "上级不是文件夹",
    errno.EEXIST: "已经有同名的文件",
    errno.ENAMETOOLONG: "名称太长",
    errno.ELOOP: "链接绕成了圈",
    **dict.fromkeys((errno.EMFILE, errno.ENFILE), "打开的文件太多"),
}


def why_not(fault: OSError) -> str:
    """Why the system did not open or write it."""
    return _WHY.get(fault.errno or 0) or fault.strerror or str(fault)
