' A WebSocket (RFC 6455), the client's side. Its owner calls handle() with each event of the port, and when a wait of pause()
' milliseconds ended without one, and then nextMessage() until it gives no more: { kind: "open", "text", "binary" or "pong", bytes }.
' When state is "closed", code and reason tell why; 1006: the connection ended without a closing handshake.
function NewWebSocket(port as object, server as string, path as string, patience as integer, timeout as integer) as object
    this = {
        state: "connecting"
        messages: []
        code: 1006
        reason: ""

        limit: patience ' Milliseconds without a word from the server.
        timeout: timeout ' The limit when it is open.
        clock: CreateObject("roTimespan")
        pinged: false
        input: CreateObject("roByteArray")
        at: 0 ' What is before that is done with.
        fragments: invalid ' Of a message that is not complete: { opcode, bytes }.
        output: CreateObject("roByteArray")

        handle: WebSocket_Handle
        pause: WebSocket_Pause
        nextMessage: WebSocket_NextMessage
        send: WebSocket_Send
        sendFrame: WebSocket_SendFrame
        close: WebSocket_Close

        begin: WebSocket_Begin
        read: WebSocket_Read
        readHandshake: WebSocket_ReadHandshake
        readFrame: WebSocket_ReadFrame
        takeFrame: WebSocket_TakeFrame
        takeControl: WebSocket_TakeControl
        deliver: WebSocket_Deliver
        fail: WebSocket_Fail
        flush: WebSocket_Flush
        finish: WebSocket_Finish
        checkTime: WebSocket_CheckTime
    }
    this.clock.mark()
    address = CreateObject("roSocketAddress")
    address.setAddress(server)
    this.socket = CreateObject("roStreamSocket")
    this.socket.setMessagePort(port)
    this.socket.setSendToAddress(address)
    this.socket.notifyReadable(true)
    this.socket.notifyWritable(true) ' Tells that it is connected.
    this.request = { server: server, path: path }
    if not this.socket.connect() then this.finish(1006, "cannot connect")
    return this
end function

function WebSocket_Pause() as integer
    left = m.limit - m.clock.totalMilliseconds()
    if left < 1 then left = 1
    return left
end function

sub WebSocket_Handle(event as object)
    if type(event) = "roSocketEvent" and event.getSocketID() = m.socket.getID()
        if m.state = "connecting" then m.begin()
        if m.state <> "closed" and m.output.count() > 0 then m.flush()
        if m.state <> "closed" and m.state <> "connecting" and m.socket.isReadable() then m.read()
    end if
    m.checkTime()
end sub

' The connection is there, or is not.
sub WebSocket_Begin()
    if m.socket.isConnected()
        key = CreateObject("roByteArray")
        for i = 1 to 16
            key.push(Rnd(256) - 1)
        end for
        m.key = key.toBase64String()
        crlf = Chr(13) + Chr(10)
        request = "GET " + m.request.path + " HTTP/1.1" + crlf
        request += "Host: " + m.request.server + crlf
        request += "Upgrade: websocket" + crlf
        request += "Connection: Upgrade" + crlf
        request += "Sec-WebSocket-Key: " + m.key + crlf
        request += "Sec-WebSocket-Version: 13" + crlf + crlf
        m.output.fromAsciiString(request)
        m.state = "handshake"
    else if not m.socket.eOK()
        m.finish(1006, "cannot connect, status " + m.socket.status().toStr())
    end if
end sub

sub WebSocket_Read()
    received = m.socket.receive(m.input, m.input.count(), 65536)
    if received < 0
        if not m.socket.eOK() then m.finish(1006, "status " + m.socket.status().toStr())
        return
    end if
    if received = 0
        m.finish(1006, "cut off")
        return
    end if
    if m.at > 0
        m.input = m.input.slice(m.at)
        m.at = 0
    end if
    m.pinged = false
    if m.state = "open" then m.clock.mark()
    if m.state = "handshake" then m.readHandshake()
    if m.state = "failed" then m.input.clear() ' What comes after a failure is not looked at.
end sub

function WebSocket_NextMessage() as dynamic
    frame = invalid
    if m.messages.count() = 0 then frame = m.readFrame()
    while frame <> invalid
        m.takeFrame(frame)
        frame = invalid
        if m.messages.count() = 0 then frame = m.readFrame()
    end while
    return m.messages.shift()
end function

' The server's answer to the upgrade request.
sub WebSocket_ReadHandshake()
    ending = FindEmptyLine(m.input)
    if ending < 0
        if m.input.count() > 8192 then m.finish(1006, "handshake: no end")
        return
    end if
    lines = m.input.slice(0, ending).toAsciiString().replace(Chr(13), "").split(Chr(10))
    m.input = m.input.slice(ending)
    headers = {}
    for i = 1 to lines.count() - 1
        colon = Instr(1, lines[i], ":")
        if colon > 1 then headers[LCase(Left(lines[i], colon - 1))] = Mid(lines[i], colon + 1).trim()
    end for
    trouble = ""
    if Left(lines[0], 12) <> "HTTP/1.1 101"
        trouble = Left(lines[0], 40)
    else if headers.upgrade = invalid or LCase(headers.upgrade) <> "websocket"
        trouble = "no upgrade"
    else if headers.connection = invalid or Instr(1, LCase(headers.connection), "upgrade") = 0
        trouble = "no connection upgrade"
    else if headers["sec-websocket-accept"] = invalid or headers["sec-websocket-accept"] <> AcceptFor(m.key)
        trouble = "wrong key"
    else if headers["sec-websocket-extensions"] <> invalid or headers["sec-websocket-protocol"] <> invalid
        trouble = "not asked for"
    end if
    if trouble <> ""
        m.finish(1006, "handshake: " + trouble)
        return
    end if
    m.state = "open"
    m.limit = m.timeout
    m.clock.mark()
    m.messages.push({ kind: "open", bytes: CreateObject("roByteArray") })
end sub

' The next frame: { final, opcode, bytes }. Invalid when it is not complete, and when the connection has failed, perhaps for it.
function WebSocket_ReadFrame() as dynamic
    if m.state <> "open" and m.state <> "closing" then return invalid
    input = m.input
    at = m.at
    if at > 0 and at = input.count()
        input.clear()
        m.at = 0
        at = 0
    end if
    count = input.count() - at
    if count < 2 then return invalid
    opcode = input[at] and 15
    size = input[at + 1] and 127
    trouble = ""
    if (input[at] and &h70) <> 0
        trouble = "reserved bits"
    else if (input[at + 1] and 128) <> 0
        trouble = "masked"
    else if opcode > 10 or (opcode > 2 and opcode < 8)
        trouble = "opcode"
    else if opcode >= 8 and (size > 125 or (input[at] and 128) = 0)
        trouble = "control frame"
    end if
    if trouble <> ""
        m.fail(1002, trouble)
        return invalid
    end if
    start = at + 2
    if size = 126
        if count < 4 then return invalid
        size = input[start] * 256 + input[start + 1]
        start += 2
    else if size = 127
        if count < 10 then return invalid
        size = LengthOf(input, start)
        start += 8
    end if
    if size < 0 or size > 16777216
        m.fail(1009, "too big")
        return invalid
    end if
    if input.count() < start + size then return invalid
    bytes = CreateObject("roByteArray")
    if size > 0 then bytes = input.slice(start, start + size)
    m.at = start + size
    return { final: (input[at] and 128) <> 0, opcode: opcode, bytes: bytes }
end function

' Eight bytes, big endian; -1 when that is more than an Integer.
function LengthOf(bytes as object, at as integer) as integer
    for i = at to at + 3
        if bytes[i] <> 0 then return -1
    end for
    if bytes[at + 4] > 127 then return -1
    return (bytes[at + 4] << 24) or (bytes[at + 5] << 16) or (bytes[at + 6] << 8) or bytes[at + 7]
end function

sub WebSocket_TakeFrame(frame as object)
    if frame.opcode >= 8
        m.takeControl(frame)
        return
    end if
    if (frame.opcode = 0) = (m.fragments = invalid)
        m.fail(1002, "fragments")
        return
    end if
    if frame.opcode > 0
        m.fragments = { opcode: frame.opcode, bytes: frame.bytes }
    else
        m.fragments.bytes.append(frame.bytes)
    end if
    if m.fragments.bytes.count() > 16777216
        m.fail(1009, "too big")
    else if frame.final
        whole = m.fragments
        m.fragments = invalid
        m.deliver(whole)
    end if
end sub

sub WebSocket_Deliver(whole as object)
    if whole.opcode = 2
        m.messages.push({ kind: "binary", bytes: whole.bytes })
    else if IsUtf8(whole.bytes)
        m.messages.push({ kind: "text", bytes: whole.bytes })
    else
        m.fail(1007, "not UTF-8")
    end if
end sub

sub WebSocket_TakeControl(frame as object)
    if frame.opcode = 9
        m.send(10, frame.bytes)
    else if frame.opcode = 10
        m.messages.push({ kind: "pong", bytes: frame.bytes })
    else
        code = 1005 ' None was given.
        reason = ""
        if frame.bytes.count() >= 2
            code = frame.bytes[0] * 256 + frame.bytes[1]
            if frame.bytes.count() > 2 then reason = frame.bytes.slice(2).toAsciiString()
        end if
        if frame.bytes.count() = 1 or (frame.bytes.count() > 1 and not IsCloseCode(code))
            m.fail(1002, "close code")
        else if frame.bytes.count() > 2 and not IsUtf8(frame.bytes.slice(2))
            m.fail(1007, "not UTF-8")
        else
            if m.state = "open" then m.send(8, frame.bytes)
            m.finish(code, reason)
        end if
    end if
end sub

' Opcodes: 1 text, 2 binary, 8 close, 9 ping, 10 pong.
sub WebSocket_Send(opcode as integer, bytes as object)
    m.sendFrame(opcode, bytes, true)
end sub

sub WebSocket_SendFrame(opcode as integer, bytes as object, final as boolean)
    if m.state <> "open" then return
    size = bytes.count()
    first = opcode
    if final then first += 128
    m.output.push(first)
    if size < 126
        m.output.push(128 + size)
    else if size < 65536
        PushAll(m.output, [254, size >> 8, size and 255])
    else
        PushAll(m.output, [255, 0, 0, 0, 0, size >> 24, (size >> 16) and 255, (size >> 8) and 255, size and 255])
    end if
    mask = [Rnd(256) - 1, Rnd(256) - 1, Rnd(256) - 1, Rnd(256) - 1]
    PushAll(m.output, mask)
    at = m.output.count()
    output = m.output
    for i = 0 to size - 1
        key = mask[i and 3]
        byte = bytes[i]
        output[at + i] = (byte or key) - (byte and key) ' Exclusive or.
    end for
    m.flush()
end sub

' Begins the closing handshake: the server's answer ends it.
sub WebSocket_Close(code as integer, reason as string)
    bytes = BytesOf(reason)
    bytes.unshift(code and 255)
    bytes.unshift(code >> 8)
    m.send(8, bytes)
    if m.state = "open" then m.state = "closing"
    m.clock.mark()
end sub

' The server has broken the protocol: says so, and waits a moment for it to hang up.
sub WebSocket_Fail(code as integer, reason as string)
    m.close(code, reason)
    if m.state = "closed" then return
    m.state = "failed"
    m.code = code
    m.reason = reason
end sub

sub WebSocket_Flush()
    while m.output.count() > 0
        sent = m.socket.send(m.output, 0, m.output.count())
        if sent > 0
            m.output = m.output.slice(sent)
        else if m.socket.eAgain()
            exit while
        else
            m.finish(1006, "status " + m.socket.status().toStr())
            return
        end if
    end while
    m.socket.notifyWritable(m.output.count() > 0)
end sub

sub WebSocket_Finish(code as integer, reason as string)
    if m.state = "closed" then return
    if m.state <> "failed"
        m.code = code
        m.reason = reason
    end if
    m.state = "closed"
    m.socket.close()
end sub

sub WebSocket_CheckTime()
    if m.state = "closed" or m.clock.totalMilliseconds() < m.limit then return
    m.clock.mark()
    if m.state = "open" and not m.pinged
        m.pinged = true
        m.send(9, BytesOf("there?"))
    else
        m.finish(1006, m.state + ": no answer")
    end if
end sub

' What a server has to answer to that key.
function AcceptFor(key as string) as string
    digest = CreateObject("roEVPDigest")
    digest.setup("sha1")
    sha1 = CreateObject("roByteArray")
    sha1.fromHexString(digest.process(BytesOf(key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11")))
    return sha1.toBase64String()
end function

function BytesOf(text as string) as object
    bytes = CreateObject("roByteArray")
    bytes.fromAsciiString(text)
    return bytes
end function

sub PushAll(bytes as object, values as object)
    for each value in values
        bytes.push(value)
    end for
end sub

' The index after the first empty line, or -1.
function FindEmptyLine(bytes as object) as integer
    for i = 3 to bytes.count() - 1
        if bytes[i] = 10 and bytes[i - 1] = 13 and bytes[i - 2] = 10 and bytes[i - 3] = 13 then return i + 1
    end for
    return -1
end function

' Codes that may come in a close frame (section 7.4).
function IsCloseCode(code as integer) as boolean
    if code >= 3000 then return code < 5000
    return code >= 1000 and code <= 1014 and (code < 1004 or code > 1006)
end function

' Whether these bytes are UTF-8 as in RFC 3629: no surrogates, nothing overlong, nothing above U+10FFFF.
function IsUtf8(bytes as object) as boolean
    more = 0
    lowest = &h80
    highest = &hBF
    for each byte in bytes
        if more > 0
            if byte < lowest or byte > highest then return false
            more--
            lowest = &h80
            highest = &hBF
        else if byte >= &h80
            if byte < &hC2 or byte > &hF4 then return false
            more = 1
            if byte >= &hE0 then more = 2
            if byte >= &hF0 then more = 3
            if byte = &hE0 then lowest = &hA0
            if byte = &hF0 then lowest = &h90
            if byte = &hED then highest = &h9F
            if byte = &hF4 then highest = &h8F
        end if
    end for
    return more = 0
end function
