"""What is done to the books of people and keys, and why not."""

from __future__ import annotations

ENTRIES: dict[str, tuple[str, str]] = {
    "staff.done.add": ("已登记 {name}（{person}）。", "{name} ({person}) is on the books."),
    "staff.done.change": ("已变更 {name}（{person}）。", "{name} ({person}) was changed."),
    "staff.done.off": (
        "{name}（{person}）已停用，此前的记录保留。",
        "{name} ({person}) is off the books; what they did stays.",
    ),
    "staff.done.on": ("{name}（{person}）已恢复。", "{name} ({person}) is back on the books."),
    "staff.done.mint": ("已生成密钥 {id}（{scope}）。", "Key {id} was made ({scope})."),
    "staff.done.revoke": ("密钥 {id} 已吊销。", "Key {id} was revoked."),
    "staff.refused.code": (
        "代码“{code}”不可用：须为大写字母、数字和连字符，至多 40 个。",
        "The code “{code}” won't do: capital letters, digits and hyphens, at most 40.",
    ),
    "staff.refused.taken": ("代码 {code} 已有人使用。", "Somebody has the code {code}."),
    "staff.refused.unknown": ("没有代码为 {person} 的人员。", "There is nobody with the code {person}."),
    "staff.refused.same": ("{person} 已是这样，没有变更。", "{person} is so already: nothing was changed."),
    "staff.refused.name": ("请填写姓名。", "A name is wanted."),
    "staff.refused.role": ("没有“{role}”这个角色。", "There is no role “{role}”."),
    "staff.refused.phone": ("“{phone}”不是电话号码。", "“{phone}” is no phone number."),
    "staff.refused.grid": ("没有网格 {grid}。", "There is no grid {grid}."),
    "staff.refused.body": ("没有中心或部门 {body}。", "There is no centre or department {body}."),
    "staff.refused.no_centre": ("坐席员须属于一个中心。", "A seat operator belongs to a centre."),
    "staff.refused.member_level": (
        "网格员须在乡镇（三级）或四级网格，{grid} 不是。",
        "A grid member belongs to a grid of level 3 or 4; {grid} is none.",
    ),
    "staff.refused.self": (
        "不能停用自己，也不能变更自己的角色和辖区；请由另一位管理员办理。",
        "Nobody takes themselves off the books or changes their own role or jurisdiction: another administrator does.",
    ),
    "staff.refused.holding": (
        "{person} 手中还有 {count} 件未结任务，请先改派。",
        "{person} still holds {count:=open task}: send others first.",
    ),
    "staff.refused.scope": (
        "没有“{scope}”这个用途；可用：{known}。",
        "There is no scope “{scope}”; there are: {known}.",
    ),
    "staff.refused.scope_none": (
        "没有“{scope}”这个用途：还没有接收推送的数据源。请先运行 gridseat feeds add hj212，再生成 push:hj212 的密钥。",
        "There is no scope “{scope}”: no feed is pushed to yet. Run gridseat feeds add hj212, then make a key for push:hj212.",
    ),
    "staff.refused.key": ("没有有效的密钥 {id}。", "There is no live key {id}."),
}
