' One client: reads requests, line by line and body by body, and sends responses. While a response has not been taken by the
' system it reads nothing more, so a client that pipelines without reading waits, and costs no memory.
function NewConnection(socket as object, timeout as integer, counts as object) as object
    connection = {
        socket: socket
        timeout: timeout
        counts: counts
        clock: CreateObject("roTimespan")
        closed: false

        input: CreateObject("roByteArray")
        at: 0 ' The first byte that is not consumed.
        scan: 0 ' Up to here no end of line was found.
        state: "request"
        request: invalid
        left: 0 ' Bytes of the body or the chunk still to come.

        output: CreateObject("roByteArray")
        sent: 0 ' Bytes of the output that are sent.
        source: invalid ' What follows the output, made while it is sent.
        last: false ' Close after this response.

        serve: Connection_Serve
        expire: Connection_Expire
        read: Connection_Read
        consume: Connection_Consume
        nextLine: Connection_NextLine
        takeBody: Connection_TakeBody
        refuse: Connection_Refuse
        respond: Connection_Respond
        pending: Connection_Pending
        flush: Connection_Flush
        finish: Connection_Finish
        close: Connection_Close

        readRequestLine: Connection_ReadRequestLine
        readHeader: Connection_ReadHeader
        beginBody: Connection_BeginBody
        readChunkSize: Connection_ReadChunkSize
        complete: Connection_Complete
    }
    connection.clock.mark()
    return connection
end function

' After an event.
sub Connection_Serve()
    if m.pending()
        m.flush()
    else
        m.read()
    end if
    m.consume()
end sub

sub Connection_Read()
    received = m.socket.receive(m.input, m.input.count(), 16384)
    if received > 0
        ' A head has to come in time as a whole: a byte now and then gains no time.
        if m.state <> "header" and m.state <> "drop" then m.clock.mark()
    else if received = 0 or not m.socket.eOK()
        m.close()
    end if
end sub

' Goes as far as what was received goes.
sub Connection_Consume()
    going = true
    while going and not m.closed and not m.pending()
        if m.state = "request"
            going = m.readRequestLine()
        else if m.state = "header" or m.state = "trailer"
            going = m.readHeader()
        else if m.state = "body" or m.state = "chunk"
            going = m.takeBody()
        else if m.state = "size" or m.state = "gap"
            going = m.readChunkSize()
        else
            m.at = m.input.count() ' "drop": it is no longer listened to.
            going = false
        end if
    end while
    if m.at = m.input.count()
        m.input.clear()
    else if m.at > 0
        m.input = m.input.slice(m.at)
    end if
    m.scan = m.scan - m.at
    if m.scan < 0 then m.scan = 0
    m.at = 0
end sub

' The next line without its end; invalid while that has not come, or when the request was refused for it.
function Connection_NextLine() as dynamic
    input = m.input
    if m.scan < m.at then m.scan = m.at
    for i = m.scan to input.count() - 1
        byte = input[i]
        if byte = 10
            if i - m.at > 8192 then exit for
            ending = i
            if ending > m.at and input[ending - 1] = 13 then ending--
            line = ""
            if ending > m.at then line = input.slice(m.at, ending).toAsciiString()
            m.at = i + 1
            return line
        else if byte < 32 and byte <> 9 and byte <> 13
            m.refuse(400)
            return invalid
        end if
    end for
    m.scan = input.count()
    if m.scan - m.at > 8192 then m.refuse(431) ' Wherever its end may be.
    return invalid
end function

function Connection_TakeBody() as boolean
    count = m.input.count() - m.at
    if count = 0 then return false
    if count > m.left then count = m.left
    if not m.request.handler.take(m.input.slice(m.at, m.at + count))
        m.refuse(413)
        return false
    end if
    m.at += count
    m.left -= count
    if m.left > 0 then return false
    if m.state = "chunk"
        m.state = "gap"
    else
        m.complete()
    end if
    return true
end function

' Tells the client what is wrong, and that it is not listened to any more.
sub Connection_Refuse(status as integer)
    m.counts.refused++
    if m.request <> invalid and m.request.handler <> invalid then m.request.handler.drop()
    m.last = true
    m.respond({ status: status })
end sub

' Sends a response: status, headers, and a body: bytes (a roByteArray) or a source.
sub Connection_Respond(response as object)
    #if trace
        what = "a request that is wrong"
        if m.request <> invalid then what = m.request.method + " " + m.request.target
        print "connection"; m.socket.getID(); ": "; what; response.status
    #end if
    head = ResponseHead(response, m.last)
    m.output = CreateObject("roByteArray")
    m.output.fromAsciiString(head)
    m.sent = 0
    if m.request = invalid or m.request.method <> "HEAD"
        if response.bytes <> invalid then m.output.append(response.bytes)
        m.source = response.source
    end if
    m.request = invalid
    m.state = "request"
    if m.last then m.state = "drop"
    m.flush()
end sub

function Connection_Pending() as boolean
    return m.sent < m.output.count() or m.source <> invalid
end function

' Sends what the system takes now. While something is left, the socket tells when there is room for more.
sub Connection_Flush()
    while m.pending()
        if m.sent < m.output.count()
            count = m.socket.send(m.output, m.sent, m.output.count() - m.sent)
            if count > 0 then m.sent += count
        else
            count = m.source.sendTo(m.socket)
            if m.source.left = 0 then m.source = invalid
        end if
        if count > 0
            m.clock.mark()
        else if m.socket.eAgain()
            m.socket.notifyReadable(false)
            m.socket.notifyWritable(true)
            return
        else
            m.close()
            return
        end if
    end while
    m.socket.notifyWritable(false)
    m.socket.notifyReadable(true)
    if m.state = "drop" then m.finish()
end sub

' After the last response. To close while something is unread would be a reset, which may take the response along.
sub Connection_Finish()
    if m.at = m.input.count() and not m.socket.isReadable() then m.close()
end sub

' Looks after the time: called now and then.
sub Connection_Expire()
    if m.clock.totalMilliseconds() < m.timeout then return
    if m.state <> "drop" then m.counts.timed_out++
    waiting = m.state = "request" and m.input.count() = 0
    if waiting or m.pending() or m.state = "drop"
        m.close()
    else
        m.at = m.input.count() ' The rest of the request is not waited for.
        m.refuse(408)
    end if
end sub

sub Connection_Close()
    m.closed = true
    if m.request <> invalid and m.request.handler <> invalid then m.request.handler.drop()
    m.socket.close()
end sub
