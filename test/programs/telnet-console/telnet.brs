' A terminal at the other end of a telnet connection (RFC 854): negotiates, edits the line, and calls onLine(terminal, line).
' Commands, each after IAC:
'   240 SE, 244 interrupt, 246 are you there, 247 erase character, 248 erase line, 250 SB, 251 WILL, 252 WONT, 253 DO, 254 DONT
function NewTerminal(socket as object, onLine as function) as object
    this = {
        socket: socket
        onLine: onLine
        name: ""
        prompt: "name: "
        width: 80
        height: 24
        gone: false
        why: ""

        buffer: CreateObject("roByteArray")
        state: "data"
        verb: 0
        option: CreateObject("roByteArray")
        line: CreateObject("roByteArray")
        afterReturn: false
        echo: false
        output: CreateObject("roByteArray")

        serve: Terminal_Serve
        write: Terminal_Write
        interrupt: Terminal_Interrupt
        leave: Terminal_Leave

        read: Terminal_Read
        take: Terminal_Take
        takeData: Terminal_TakeData
        takeCommand: Terminal_TakeCommand
        negotiate: Terminal_Negotiate
        subnegotiate: Terminal_Subnegotiate
        eraseCharacter: Terminal_EraseCharacter
        eraseLine: Terminal_EraseLine
        finishLine: Terminal_FinishLine
        put: Terminal_Put
        putBytes: Terminal_PutBytes
        flush: Terminal_Flush
    }
    socket.notifyReadable(true)
    this.putBytes([255, 251, 1, 255, 251, 3, 255, 253, 31]) ' WILL echo, WILL suppress go-ahead, DO tell the window's size
    this.put(this.prompt)
    this.flush()
    return this
end function

sub Terminal_Serve()
    if m.output.count() > 0
        m.flush() ' Who does not read is not heard.
    else
        m.read()
    end if
end sub

sub Terminal_Read()
    received = m.socket.receive(m.buffer, 0, 512)
    if received > 0
        for i = 0 to received - 1
            m.take(m.buffer[i])
            if m.gone then return
        end for
        m.flush()
    else if received = 0
        m.leave("hung up")
    else if not m.socket.eOK()
        m.leave("status" + Stri(m.socket.status()))
    end if
end sub

sub Terminal_Take(byte as integer)
    if m.state = "data"
        if byte = 255 then m.state = "command" else m.takeData(byte)
    else if m.state = "command"
        m.takeCommand(byte)
    else if m.state = "option"
        m.state = "data"
        m.negotiate(byte)
    else if m.state = "sub"
        if byte = 255
            m.state = "sub command"
        else if m.option.count() < 64
            m.option.push(byte)
        end if
    else if m.state = "sub command"
        m.state = "sub"
        if byte = 240
            m.state = "data"
            m.subnegotiate()
        else if byte = 255 and m.option.count() < 64
            m.option.push(byte)
        end if
    end if
end sub

sub Terminal_TakeCommand(byte as integer)
    m.state = "data"
    if byte = 255
        m.takeData(255)
    else if byte >= 251
        m.verb = byte
        m.state = "option"
    else if byte = 250
        m.option.clear()
        m.state = "sub"
    else if byte = 248
        m.eraseLine()
    else if byte = 247
        m.eraseCharacter()
    else if byte = 246
        m.write("[yes]")
        m.put(m.prompt + m.line.toAsciiString())
    else if byte = 244
        m.takeData(3)
    end if
end sub

sub Terminal_Negotiate(option as integer)
    if m.verb = 253 ' DO: we do what we offered.
        if option = 1
            m.echo = true
        else if option <> 3
            m.putBytes([255, 252, option])
        end if
    else if m.verb = 254
        if option = 1 then m.echo = false
    else if m.verb = 251
        if option = 3
            m.putBytes([255, 253, 3])
        else if option <> 31
            m.putBytes([255, 254, option])
        end if
    end if
end sub

sub Terminal_Subnegotiate()
    if m.option.count() = 5 and m.option[0] = 31
        m.width = m.option[1] * 256 + m.option[2]
        m.height = m.option[3] * 256 + m.option[4]
    end if
end sub

sub Terminal_TakeData(byte as integer)
    second = m.afterReturn and (byte = 10 or byte = 0) ' A line ends with CR LF or CR NUL; some send CR or LF alone.
    m.afterReturn = byte = 13
    if second then return
    if byte = 13 or byte = 10
        m.finishLine()
    else if byte = 8 or byte = 127
        m.eraseCharacter()
    else if byte = 3
        m.eraseLine()
    else if byte = 4 and m.line.count() = 0
        m.leave("quit")
    else if byte >= 32 and m.line.count() < 512
        m.line.push(byte)
        if m.echo then m.putBytes([byte])
        if m.echo and byte = 255 then m.putBytes([255])
    else
        m.putBytes([7])
    end if
end sub

sub Terminal_EraseCharacter()
    if m.line.count() = 0 then return
    byte = m.line.pop()
    while byte >= 128 and byte < 192 and m.line.count() > 0 ' The rest of a character in UTF-8.
        byte = m.line.pop()
    end while
    if m.echo then m.putBytes([8, 32, 8])
end sub

sub Terminal_EraseLine()
    while m.line.count() > 0
        m.eraseCharacter()
    end while
end sub

sub Terminal_FinishLine()
    line = m.line.toAsciiString()
    m.line.clear()
    if m.echo then m.putBytes([13, 10])
    handler = m.onLine
    handler(m, line)
    if not m.gone then m.put(m.prompt)
end sub

' A line of output.
sub Terminal_Write(text as string)
    m.put(text)
    m.putBytes([13, 10])
end sub

' A line in the middle of what its reader is typing.
sub Terminal_Interrupt(text as string)
    m.putBytes([13, 10])
    m.write(text)
    m.put(m.prompt + m.line.toAsciiString())
    m.flush()
    if m.output.count() > 262144 then m.leave("reads too slowly")
end sub

sub Terminal_Put(text as string)
    bytes = CreateObject("roByteArray")
    bytes.fromAsciiString(text)
    for i = bytes.count() - 1 to 0 step -1
        if bytes[i] = 255
            rest = bytes.slice(i)
            bytes = bytes.slice(0, i)
            bytes.push(255)
            bytes.append(rest)
        end if
    end for
    m.output.append(bytes)
end sub

sub Terminal_PutBytes(values as object)
    for each value in values
        m.output.push(value)
    end for
end sub

sub Terminal_Flush()
    if m.output.count() > 0
        sent = m.socket.send(m.output, 0, m.output.count())
        if sent > 0 then m.output = m.output.slice(sent)
        if not m.socket.eOK()
            m.leave("status" + Stri(m.socket.status()))
            return
        end if
    end if
    m.socket.notifyReadable(m.output.count() = 0)
    m.socket.notifyWritable(m.output.count() > 0)
end sub

sub Terminal_Leave(why as string)
    if m.gone then return
    m.gone = true
    m.why = why
    if m.socket.eOK() then m.socket.send(m.output, 0, m.output.count())
    m.socket.close()
end sub
