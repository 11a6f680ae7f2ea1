' The first example of roStreamSocket's reference page, for any server: connects, sends a line if one is given, and prints
' the answer's first line. Without a message port every call waits until it is done.
'
'   rosock run examples/tcp-client.brs -- 127.0.0.1:54321 "hello there"

function main(args as object) as integer
    words = args.argv
    if words.count() < 1 or words.count() > 2 then return fail("expected HOST:PORT and at most one TEXT", 2)
    address = CreateObject("roSocketAddress")
    if not address.setAddress(words[0]) then return fail("""" + words[0] + """ is no IPv4 address and no host that can be found", 2)
    if address.getPort() = 0 then return fail("""" + words[0] + """ names no port; expected host:port", 2)

    seconds = 10
    socket = CreateObject("roStreamSocket")
    socket.setSendTimeout(seconds)
    socket.setReceiveTimeout(seconds)
    socket.setSendToAddress(address)
    if not socket.connect() then return fail("cannot connect to " + address.getAddress() + ": " + reason(socket))
    print "Connected Successfully"

    if words.count() = 2
        if not sendLine(socket, words[1]) then return fail("cannot send: " + reason(socket))
        line = receiveLine(socket)
        if line = invalid
            if socket.eAgain() then return fail("no answer for " + seconds.toStr() + " seconds")
            return fail("cannot receive: " + reason(socket))
        end if
        print quoted(line)
    end if
    socket.close()
    return 0
end function

function sendLine(socket as object, text as string) as boolean
    bytes = CreateObject("roByteArray")
    bytes.fromAsciiString(text + chr(10))
    return socket.send(bytes, 0, bytes.count()) = bytes.count()
end function

' What comes until a line ends, or the answer does; invalid on failure. As text nothing is lost: a character may come in two
' pieces, and is whole when they are joined.
function receiveLine(socket as object) as dynamic
    line = ""
    while len(line) < 65536
        piece = socket.receiveStr(512)
        if piece = "" and not socket.eSuccess() then return invalid
        line += piece
        length = instr(1, line, chr(10)) - 1
        if length >= 0 then return left(line, length)
        if piece = "" then exit while
    end while
    return line
end function

function reason(socket as object) as string
    if socket.eConnRefused() then return "connection refused"
    if socket.eConnReset() then return "connection reset by peer"
    if socket.eHostUnreach() then return "host is unreachable"
    return "error " + socket.status().toStr()
end function

function fail(message as string, status = 1 as integer) as integer
    print "tcp-client: "; message
    return status
end function

' Text that does a terminal no harm, whoever sent it.
function quoted(text as string) as string
    return "'" + CreateObject("roRegex", "[\x00-\x1f\x7f]", "").replaceAll(text, "?") + "'"
end function
