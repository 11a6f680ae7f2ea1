' The parts of a request, as they come.

' "GET /path?query HTTP/1.1"
function Connection_ReadRequestLine() as boolean
    line = m.nextLine()
    if line = invalid then return false
    if line = "" then return true ' Some clients send an empty line too many after a body.
    parts = line.split(" ")
    if parts.count() <> 3 or Left(parts[2], 5) <> "HTTP/" or Left(parts[1], 1) <> "/"
        m.refuse(400)
        return false
    end if
    if parts[2] <> "HTTP/1.1" and parts[2] <> "HTTP/1.0"
        m.refuse(505)
        return false
    end if
    m.request = {
        method: parts[0]
        target: parts[1]
        path: parts[1].split("?")[0].decodeUriComponent()
        version: parts[2]
        headers: {}
        size: Len(line)
        chunked: false
        handler: invalid
    }
    m.state = "header"
    return true
end function

' "Name: value", or the empty line after the last one. A trailer's fields are read and forgotten.
function Connection_ReadHeader() as boolean
    line = m.nextLine()
    if line = invalid then return false
    if line = ""
        if m.state = "trailer"
            m.complete()
        else
            m.beginBody()
        end if
        return true
    end if
    m.request.size += Len(line)
    colon = Instr(1, line, ":")
    if m.request.size > 16384
        m.refuse(431)
    else if colon < 2 or not IsToken(Left(line, colon - 1))
        m.refuse(400)
    else if m.state = "header"
        name = LCase(Left(line, colon - 1))
        value = Mid(line, colon + 1).trim()
        if name = "content-length" and m.request.headers[name] <> invalid and m.request.headers[name] <> value
            m.refuse(400)
            return false
        end if
        if m.request.headers[name] <> invalid and name <> "content-length" then value = m.request.headers[name] + ", " + value
        m.request.headers[name] = value
    end if
    return not m.last
end function

' All headers are there: what comes next?
sub Connection_BeginBody()
    request = m.request
    headers = request.headers
    connection = ""
    if headers.connection <> invalid then connection = LCase(headers.connection)
    m.last = Instr(1, connection, "close") > 0 or (request.version = "HTTP/1.0" and Instr(1, connection, "keep-alive") = 0)

    length = headers["content-length"]
    coding = headers["transfer-encoding"]
    if request.version = "HTTP/1.1" and headers.host = invalid
        m.refuse(400)
        return
    else if coding <> invalid and (LCase(coding) <> "chunked" or length <> invalid)
        status = 400 ' Both could hide a second request from one of the servers on the way.
        if length = invalid then status = 501
        m.refuse(status)
        return
    else if length <> invalid and not IsNumber(length)
        m.refuse(400)
        return
    end if

    request.chunked = coding <> invalid
    m.left = 0
    if length <> invalid then m.left = length.toInt()
    request.handler = HandlerFor(request, m.counts)
    if not request.chunked and m.left = 0
        m.complete()
        return
    end if
    if request.handler.take = invalid
        m.last = true ' The body is not wanted, and to read it only to come to the next request could take for ever.
        m.complete()
        return
    end if
    m.state = "body"
    if request.chunked then m.state = "size"
    if headers.expect <> invalid and LCase(headers.expect) = "100-continue" and m.at = m.input.count()
        m.output.clear()
        m.output.fromAsciiString("HTTP/1.1 100 Continue" + CrLf() + CrLf())
        m.sent = 0
        m.flush()
    end if
end sub

' The line before a chunk, with its size, or the empty one after it.
function Connection_ReadChunkSize() as boolean
    line = m.nextLine()
    if line = invalid then return false
    if m.state = "gap"
        if line = ""
            m.state = "size"
            return true
        end if
        m.refuse(400)
        return false
    end if
    digits = line.split(";")[0].trim() ' Extensions of chunks are for the next hop.
    if not IsHexNumber(digits)
        m.refuse(400)
        return false
    end if
    m.left = Val(digits, 16)
    m.state = "chunk"
    if m.left = 0 then m.state = "trailer"
    return true
end function

' The whole request is there.
sub Connection_Complete()
    m.counts.requests++
    m.respond(m.request.handler.answer(m.request))
end sub

function IsToken(name as string) as boolean
    if m.token = invalid then m.token = CreateObject("roRegex", "^[!#$%&'*+.^_`|~0-9a-z-]+$", "i")
    return m.token.isMatch(name)
end function

function IsNumber(text as string) as boolean
    if m.number = invalid then m.number = CreateObject("roRegex", "^[0-9]{1,9}$", "")
    return m.number.isMatch(text)
end function

function IsHexNumber(text as string) as boolean
    if m.hexNumber = invalid then m.hexNumber = CreateObject("roRegex", "^[0-9a-f]{1,7}$", "i")
    return m.hexNumber.isMatch(text)
end function
