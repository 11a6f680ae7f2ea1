' What a request wants of `size` bytes: { status: 200, 206 or 416, first, count }. One range is served; of several, all bytes are.
function RangeOf(request as object, size as integer) as object
    whole = { status: 200, first: 0, count: size }
    wanted = request.headers.range
    if wanted = invalid then return whole
    found = CreateObject("roRegex", "^bytes=(\d{0,9})-(\d{0,9})$", "").match(wanted)
    if found.count() = 0 or (found[1] = "" and found[2] = "") then return whole

    if found[1] = ""
        first = size - found[2].toInt() ' The last bytes.
        if first < 0 then first = 0
        last = size - 1
        if found[2].toInt() = 0 then first = size
    else
        first = found[1].toInt()
        last = size - 1
        if found[2] <> "" and found[2].toInt() < last then last = found[2].toInt()
        if found[2] <> "" and found[2].toInt() < first then return whole
    end if
    if first >= size then return { status: 416 }
    return { status: 206, first: first, count: last - first + 1 }
end function

function RangeHeaders(range as object, size as integer) as object
    headers = { "Accept-Ranges": "bytes" }
    if range.status = 206
        headers["Content-Range"] = Substitute("bytes {0}-{1}/{2}", range.first.toStr(), (range.first + range.count - 1).toStr(), size.toStr())
    end if
    return headers
end function

function NotSatisfiable(size as integer) as object
    return { status: 416, headers: { "Content-Range": "bytes */" + size.toStr() } }
end function

' 0, 1, … 250 again and again, more than is ever sent at once.
function NewPattern() as object
    pattern = CreateObject("roByteArray")
    pattern.setResize(251 * 262, false)
    for i = 0 to 251 * 262 - 1
        pattern[i] = i mod 251
    end for
    return pattern
end function

' The pattern's bytes from `first` on, `count` of them.
function NewSource(first as integer, count as integer) as object
    if count = 0 then return invalid
    return {
        pattern: GetGlobalAA().pattern
        offset: first mod 251
        left: count
        sendTo: Source_SendTo
    }
end function

function Source_SendTo(socket as object) as integer
    count = m.pattern.count() - m.offset
    if count > m.left then count = m.left
    sent = socket.send(m.pattern, m.offset, count)
    if sent > 0
        m.left -= sent
        m.offset = (m.offset + sent) mod 251
    end if
    return sent
end function
