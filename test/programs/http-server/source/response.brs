function CrLf() as string
    return Chr(13) + Chr(10)
end function

' The head of a response, its empty line included.
function ResponseHead(response as object, last as boolean) as string
    length = 0
    if response.bytes <> invalid then length = response.bytes.count()
    if response.source <> invalid then length = response.source.left
    head = "HTTP/1.1 " + response.status.toStr() + " " + ReasonFor(response.status) + CrLf()
    head += "Date: " + HttpDate() + CrLf()
    if response.headers <> invalid
        for each name in response.headers
            head += name + ": " + response.headers[name] + CrLf()
        end for
    end if
    head += "Content-Length: " + length.toStr() + CrLf()
    if last then head += "Connection: close" + CrLf()
    return head + CrLf()
end function

function ReasonFor(status as integer) as string
    reasons = {
        "200": "OK"
        "201": "Created"
        "206": "Partial Content"
        "400": "Bad Request"
        "404": "Not Found"
        "405": "Method Not Allowed"
        "408": "Request Timeout"
        "413": "Content Too Large"
        "416": "Range Not Satisfiable"
        "431": "Request Header Fields Too Large"
        "501": "Not Implemented"
        "505": "HTTP Version Not Supported"
    }
    reason = reasons[status.toStr()]
    if reason = invalid then return "Unknown"
    return reason
end function

' "Sun, 06 Nov 1994 08:49:37 GMT"
function HttpDate() as string
    now = CreateObject("roDateTime")
    days = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
    months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
    date = days[now.getDayOfWeek()] + ", " + TwoDigits(now.getDayOfMonth()) + " " + months[now.getMonth() - 1]
    clock = TwoDigits(now.getHours()) + ":" + TwoDigits(now.getMinutes()) + ":" + TwoDigits(now.getSeconds())
    return Substitute("{0} {1} {2} GMT", date, now.getYear().toStr(), clock)
end function

function TwoDigits(number as integer) as string
    return Right("0" + number.toStr(), 2)
end function

function JsonResponse(value as object) as object
    bytes = CreateObject("roByteArray")
    bytes.fromAsciiString(FormatJson(value))
    return { status: 200, headers: { "Content-Type": "application/json" }, bytes: bytes }
end function
