' SSDP messages: HTTP's heads, in datagrams.
function SsdpMessage(start as string, headers as object) as string
    crlf = Chr(13) + Chr(10)
    text = start + crlf
    for each name in headers
        text += UCase(name) + ": " + headers[name] + crlf
    end for
    return text + crlf
end function

' { start, headers by lower-case name }; invalid when it is none.
function ParseMessage(text as string) as dynamic
    lines = text.replace(Chr(13), "").split(Chr(10))
    if lines.count() < 2 then return invalid
    message = { start: lines[0], headers: {} }
    for i = 1 to lines.count() - 2 ' What follows the last end of line is no line.
        if lines[i] = "" then return message
        colon = Instr(1, lines[i], ":")
        if colon < 2 then return invalid
        message.headers[LCase(Left(lines[i], colon - 1))] = Mid(lines[i], colon + 1).trim()
    end for
    return invalid ' The empty line at the end is missing.
end function

function HeaderOr(message as object, name as string, fallback as string) as string
    value = message.headers[name]
    if value = invalid then return fallback
    ' What others send does not reach the terminal as it is.
    return CreateObject("roRegex", "[^ -~]", "").replaceAll(value, "?")
end function

' A socket on that address that tells of datagrams; invalid when it cannot be there.
function BoundSocket(port as object, host as string, number as integer) as object
    address = CreateObject("roSocketAddress")
    address.setAddress(host)
    address.setPort(number)
    socket = CreateObject("roDatagramSocket")
    socket.setMessagePort(port)
    socket.notifyReadable(true)
    if socket.setAddress(address) then return socket
    print "cannot use "; address.getAddress(); ", status"; socket.status()
    return invalid
end function

function GroupAddress(args as object) as object
    address = CreateObject("roSocketAddress")
    address.setAddress("239.255.255.250:1900")
    if args.group <> invalid then address.setAddress(args.group)
    return address
end function

function InterfaceOf(args as object) as string
    if args.interface = invalid then return "0.0.0.0"
    return args.interface
end function
