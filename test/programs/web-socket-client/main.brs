' Sends back every message that a WebSocket server sends. A text that begins with "/" is an order instead:
'
'   /ping TEXT               pings
'   /fragments N TEXT        sends the text in N fragments, with a ping between the first and the second
'   /binary N                sends N bytes: 0, 1, … 250, 0, …
'   /close CODE REASON       closes
'
' patience: seconds for the handshake. timeout: seconds without a word from the server until it is pinged. times: how many times to
' connect, one after another.
'
'   rosock run main.brs web-socket.brs -- server=127.0.0.1:8000 path=/chat patience=10 timeout=10 times=1
sub Main(args as object)
    path = "/"
    if args.path <> invalid then path = args.path
    patience = MillisecondsOr(args.patience, 10000)
    timeout = MillisecondsOr(args.timeout, 10000)
    times = 1
    if args.times <> invalid then times = args.times.toInt()
    port = CreateObject("roMessagePort")
    for time = 1 to times
        Converse(NewWebSocket(port, args.server, path, patience, timeout), port)
    end for
end sub

' From seconds.
function MillisecondsOr(text as dynamic, fallback as integer) as integer
    if text = invalid then return fallback
    return Int(Val(text) * 1000)
end function

sub Converse(socket as object, port as object)
    while socket.state <> "closed"
        event = wait(socket.pause(), port)
        socket.handle(event)
        message = socket.nextMessage()
        while message <> invalid
            Report(message)
            Answer(socket, message)
            message = socket.nextMessage()
        end while
    end while
    print "closed"; socket.code; " "; socket.reason
end sub

sub Report(message as object)
    size = message.bytes.count()
    line = message.kind + " " + size.toStr()
    if message.kind <> "binary" and size > 0 and size <= 60 then line += " " + message.bytes.toAsciiString()
    print line
end sub

sub Answer(socket as object, message as object)
    if message.kind = "binary"
        socket.send(2, message.bytes)
    else if message.kind = "text"
        if message.bytes[0] <> invalid and message.bytes[0] = Asc("/")
            Obey(socket, message.bytes.toAsciiString())
        else
            socket.send(1, message.bytes)
        end if
    end if
end sub

sub Obey(socket as object, order as string)
    words = order.tokenize(" ")
    verb = words.removeHead()
    if verb = "/ping"
        socket.send(9, BytesOf(Left(Rest(words), 30)))
    else if verb = "/fragments"
        count = NumberFrom(words)
        SendFragments(socket, count, BytesOf(Rest(words)))
    else if verb = "/binary"
        bytes = CreateObject("roByteArray")
        for i = 0 to NumberFrom(words) - 1
            bytes.push(i mod 251)
        end for
        socket.send(2, bytes)
    else if verb = "/close"
        code = NumberFrom(words)
        socket.close(code, Left(Rest(words), 30))
    end if
end sub

sub SendFragments(socket as object, count as integer, bytes as object)
    size = (bytes.count() + count - 1) \ count
    opcode = 1
    for i = 0 to count - 1
        socket.sendFrame(opcode, bytes.slice(i * size, (i + 1) * size), i = count - 1)
        if i = 0 then socket.send(9, BytesOf("between"))
        opcode = 0
    end for
end sub

' The next word as a number: 1 if it is none.
function NumberFrom(words as object) as integer
    word = words.removeHead()
    if word = invalid or word.toInt() < 1 then return 1
    return word.toInt()
end function

function Rest(words as object) as string
    text = ""
    for each word in words
        if text <> "" then text += " "
        text += word
    end for
    return text
end function
