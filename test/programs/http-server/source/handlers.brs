' What is served:
'
'   GET  /              pkg:/www/index.html, and so on for what else is there
'   GET  /bytes/N       N bytes: 0, 1, … 250, 0, …
'   POST /echo          what was sent, at most 1 MiB
'   PUT  /digest        how many bytes were sent, and their SHA-1
'   PUT  /store/NAME    kept until the server ends; GET it back
'   GET  /status        counts
'
' A handler takes the body, if it wants one, in pieces as they come, then answers.
function HandlerFor(request as object, counts as object) as object
    handler = {
        counts: counts
        take: invalid
        drop: Handler_Drop
        answer: invalid
    }
    path = request.path
    method = request.method
    if path = "/echo"
        handler.body = CreateObject("roByteArray")
        handler.take = Echo_Take
        handler.answer = Echo_Answer
        allowed = "POST"
    else if path = "/digest"
        handler.size = 0
        handler.digest = CreateObject("roEVPDigest")
        handler.digest.setup("sha1")
        handler.take = Digest_Take
        handler.answer = Digest_Answer
        allowed = "POST, PUT"
    else if Left(path, 7) = "/store/" and method = "PUT"
        handler.file = "tmp:/" + SafeName(Mid(path, 8))
        CreateObject("roByteArray").writeFile(handler.file)
        handler.take = Store_Take
        handler.answer = Store_Answer
        allowed = "PUT"
    else
        handler.answer = GetAnswer(path)
        allowed = "GET, HEAD"
        if Left(path, 7) = "/store/" then allowed += ", PUT"
    end if

    if handler.answer = invalid
        handler.answer = Handler_NotFound
    else if Instr(1, ", " + allowed + ",", ", " + method + ",") = 0
        handler.allow = allowed
        handler.take = invalid
        handler.answer = Handler_NotAllowed
    end if
    return handler
end function

function GetAnswer(path as string) as dynamic
    if path = "/status" then return Status_Answer
    if Left(path, 7) = "/bytes/" and IsNumber(Mid(path, 8)) then return Bytes_Answer
    if Left(path, 7) = "/store/" or path = "/" then return File_Answer
    files = CreateObject("roFileSystem")
    if files.exists("pkg:/www/" + SafeName(Mid(path, 2))) then return File_Answer
    return invalid
end function

' A name that cannot leave its directory.
function SafeName(name as string) as string
    return CreateObject("roRegex", "[^A-Za-z0-9_.-]|^\.+", "").replaceAll(name, "_")
end function

' The client has gone before its request was complete.
sub Handler_Drop()
    if m.file <> invalid then DeleteFile(m.file)
end sub

function Handler_NotFound(request as object) as object
    return { status: 404 }
end function

function Handler_NotAllowed(request as object) as object
    return { status: 405, headers: { "Allow": m.allow } }
end function

function Echo_Take(bytes as object) as boolean
    m.body.append(bytes)
    return m.body.count() <= 1048576
end function

function Echo_Answer(request as object) as object
    kind = request.headers["content-type"]
    if kind = invalid then kind = "application/octet-stream"
    return { status: 200, headers: { "Content-Type": kind }, bytes: m.body }
end function

function Digest_Take(bytes as object) as boolean
    m.digest.update(bytes)
    m.size += bytes.count()
    return true
end function

function Digest_Answer(request as object) as object
    return JsonResponse({ bytes: m.size, sha1: m.digest.final() })
end function

function Store_Take(bytes as object) as boolean
    return bytes.appendFile(m.file)
end function

function Store_Answer(request as object) as object
    return { status: 201, headers: { "Location": "/store/" + SafeName(Mid(request.path, 8)) } }
end function

function Status_Answer(request as object) as object
    return JsonResponse(m.counts)
end function

function Bytes_Answer(request as object) as object
    size = Mid(request.path, 8).toInt()
    range = RangeOf(request, size)
    if range.status = 416 then return NotSatisfiable(size)
    response = { status: range.status, headers: RangeHeaders(range, size) }
    response.source = NewSource(range.first, range.count)
    return response
end function

function File_Answer(request as object) as object
    path = request.path
    if path = "/" then path = "/index.html"
    file = "pkg:/www/" + SafeName(Mid(path, 2))
    if Left(path, 7) = "/store/" then file = "tmp:/" + SafeName(Mid(path, 8))
    bytes = CreateObject("roByteArray")
    if not bytes.readFile(file) then return { status: 404 }
    size = bytes.count()
    range = RangeOf(request, size)
    if range.status = 416 then return NotSatisfiable(size)
    response = { status: range.status, headers: RangeHeaders(range, size) }
    response.headers["Content-Type"] = ContentType(file)
    response.bytes = bytes
    if range.count < size then response.bytes = bytes.slice(range.first, range.first + range.count)
    return response
end function

function ContentType(file as string) as string
    types = { html: "text/html; charset=utf-8", txt: "text/plain; charset=utf-8" }
    extension = CreateObject("roPath", file).split().extension
    kind = types[Mid(extension, 2)]
    if kind = invalid then kind = "application/octet-stream"
    return kind
end function
