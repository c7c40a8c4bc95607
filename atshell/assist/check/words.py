"""The words of every rule, English and Chinese. A table: what a rule says and what to do about it."""

from __future__ import annotations

TEXTS: dict[str, tuple[str, str]] = {
    # -- the line
    "syntax": ("a command was expected here", "此处应为一条命令"),
    "curly-quote": ("{found} is no quote to a module", "模组不识别引号 {found}"),
    "full-width": ("{found} is a full-width character", "{found} 是全角字符"),
    "comment": ("the comment would be sent too", "注释也会一并发送"),
    # -- the command
    "unknown": ("no manual here has {name}", "手册中没有 {name}"),
    "urc": ("{name} is what the module says, not a command", "{name} 是模组主动上报，不是命令"),
    "misspelt": ("{typed} is a misprint of a manual for {name}", "{typed} 是手册对 {name} 的误写"),
    "model": ("{model} has no {name}", "{model} 不支持 {name}"),
    "firmware": ("{name} is not for firmware {firmware}", "固件 {firmware} 不支持 {name}"),
    "form": ("{name} has no {form} form", "{name} 没有{form}形式"),
    "order": ("{name} cannot succeed now: {why}", "{name} 当前不会成功：{why}"),
    "reboot": ("{name} acts after a reboot", "{name} 重启后生效"),
    "nvram": ("{name} writes to NVRAM", "{name} 会写入 NVRAM"),
    # -- the parameters
    "missing": ("{missing} {verb} missing", "缺少 {missing}"),
    "surplus": ("{count} too many: {surplus}", "多余 {count} 个参数：{surplus}"),
    "unfit": ("{value} has no place with {given}", "{given} 时不应有 {value}"),
    "unclosed-quote": ("the quote is not closed", "引号没有闭合"),
    "stray-quote": (
        'quotes stand around a whole value; in it " is written \\22',
        '引号须包住整个值；值内的 " 写作 \\22',
    ),
    "quotes": ("<{name}> must stand in double quotes", "<{name}> 必须加双引号"),
    "word-quotes": ("{value} must stand in double quotes", "{value} 必须加双引号"),
    "quoted-number": ("<{name}> is a number and stands without quotes", "<{name}> 是数字，不加引号"),
    "word": ("{value} is not {known}", "{value} 不是 {known}"),
    "type": ("<{name}> must be {kind}; {value} is not", "<{name}> 应为{kind}，{value} 不是"),
    "below": ("<{name}> {value} is below {limit}", "<{name}> {value} 小于 {limit}"),
    "above": ("<{name}> {value} is above {limit}", "<{name}> {value} 大于 {limit}"),
    "value": ("<{name}> {value} is not {known}", "<{name}> {value} 不是 {known}"),
    "value-model": ("<{name}> {value} is not for {model}", "{model} 的 <{name}> 不支持 {value}"),
    "value-firmware": ("<{name}> {value} is not for firmware {firmware}", "固件 {firmware} 的 <{name}> 不支持 {value}"),
    "reserved": ("<{name}> {value} is reserved", "<{name}> {value} 为保留值"),
    "short": ("<{name}> has {count} bytes, {limit} are the least", "<{name}> 为 {count} 字节，最少 {limit} 字节"),
    "long": ("<{name}> has {count} bytes, {limit} are the most", "<{name}> 为 {count} 字节，最多 {limit} 字节"),
    "length": ("<{name}> is {value}, the {of} has {count} {unit}", "<{name}> 为 {value}，{of} 有 {count} 个字符"),
    # -- the moment
    "window": ("{left} s left to answer: {request}", "应答时间仅剩 {left} 秒：{request}"),
    "late": ("too late, the platform waits no longer: {request}", "应答已超时，平台不再等待：{request}"),
    "not-waiting": ("no request with <{name}> {value} waits for an answer", "没有 <{name}> 为 {value} 的待应答请求"),
}

FIXES: dict[str, tuple[str, str]] = {
    "curly-quote": ('type "', '请输入 "'),
    "full-width": ("type {meant}", "请输入半角 {meant}"),
    "comment": ("take it out, or put it in a line of its own that begins with #", "请删除，或另起一行以 # 开头"),
    "unknown": ("{near}", "{near}"),
    "misspelt": ("type {name}", "请输入 {name}"),
    "model": ("it is for {models}", "适用于 {models}"),
    "firmware": ("it needs {condition}", "需要 {condition}"),
    "form": ("{forms}", "{forms}"),
    "missing": ("{notation}", "{notation}"),
    "surplus": ("{notation}", "{notation}"),
    "unfit": ("leave it out", "请去掉该参数"),
    "unclosed-quote": ('end it with "', '请以 " 结尾'),
    "quotes": ('type "{value}"', '请输入 "{value}"'),
    "word-quotes": ('type "{value}"', '请输入 "{value}"'),
    "quoted-number": ("type {value}", "请输入 {value}"),
    "word": ("give {known}", "可取 {known}"),
    "type": ("give {kind}", "请输入{kind}"),
    "below": ("give {range}", "取值 {range}"),
    "above": ("give {range}", "取值 {range}"),
    "value": ("give {known}", "可取 {known}"),
    "value-model": ("give {known}", "可取 {known}"),
    "value-firmware": ("give {known}", "可取 {known}"),
    "reserved": ("leave it to later firmware", "请勿使用"),
    "short": ("give at least {limit} bytes", "至少 {limit} 字节"),
    "long": ("give at most {limit} bytes", "至多 {limit} 字节"),
    "length": ("give {count}", "应为 {count}"),
    "late": ("let the platform ask again", "请让平台重新下发"),
    "not-waiting": ("{waiting}", "{waiting}"),
}

KINDS: dict[str, tuple[str, str]] = {
    "integer": ("a whole number", "整数"),
    "uint16": ("a number from 0 to 65535", " 0 至 65535 的整数"),
    "float": ("a number", "数字"),
    "hex": ("hex digits, two for each byte", "十六进制数字，每字节两位"),
    "bitmap": ("digits 0 and 1", "由 0 和 1 组成的位图"),
    "ip": ("an IP address", " IP 地址"),
    "host": ("a host name or address, with a port or without", "主机名或地址，可带端口"),
}


FORMS: dict[str, tuple[str, str]] = {
    "test": ("test", "测试"),
    "read": ("read", "查询"),
    "write": ("write", "设置"),
    "execute": ("execute", "执行"),
}


def joined(words: list[str], *, chinese: bool) -> str:
    """``a, b or c``"""
    if len(words) < 2:
        return "".join(words)
    if chinese:
        return f"{'、'.join(words[:-1])} 或 {words[-1]}"
    return f"{', '.join(words[:-1])} or {words[-1]}"
