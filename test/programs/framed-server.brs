' A server of requests and responses in frames. A frame is a header of 8 bytes and a payload:
'
'   0  4  length of the payload, big endian, at most 1 MiB
'   4  2  id: the response has its request's
'   6  1  operation of a request, 0 of a response
'   7  1  0 of a request, status of a response: 0, 1 unknown operation, 2 bad payload, 3 too long
'
' Operations: 1 echo, 2 sum of the bytes (4 bytes), 3 the bytes backwards, 4 as many bytes as the payload's number says (4 bytes).
'
' After each event it receives once, the header or what is missing of it, the payload or what is missing of that. What is left
' makes another event.
'
'   rosock run framed-server.brs -- port=7000
sub Main(args as object)
    port = CreateObject("roMessagePort")
    listener = CreateObject("roStreamSocket")
    listener.setMessagePort(port)
    address = CreateObject("roSocketAddress")
    address.setAddress("127.0.0.1:" + args.port)
    listener.setAddress(address)
    listener.notifyReadable(true)
    listener.listen(16)
    if not listener.eOK()
        print "cannot listen on port "; args.port
        return
    end if
    print "listening on "; listener.getAddress().getAddress()

    clients = {}
    while true
        event = wait(0, port)
        if type(event) = "roSocketEvent"
            id = event.getSocketID()
            client = clients[Stri(id)]
            if id = listener.getID()
                socket = listener.accept()
                if socket <> invalid
                    socket.notifyReadable(true) ' The port is the listener's.
                    clients[Stri(socket.getID())] = NewClient(socket)
                    print "client"; socket.getID(); " has come"
                end if
            else if client <> invalid
                client.serve()
                if client.gone <> ""
                    print "client"; id; " has gone: "; client.gone
                    client.socket.close()
                    clients.delete(Stri(id))
                end if
            end if
        end if
    end while
end sub

function NewClient(socket as object) as object
    client = {
        socket: socket
        header: CreateObject("roByteArray")
        payload: invalid ' Until the header is there.
        got: 0
        length: 0
        output: CreateObject("roByteArray")
        sent: 0
        ending: "" ' Why to go, when the output is sent.
        gone: ""
        serve: Client_Serve
        receiveHeader: Client_ReceiveHeader
        receivePayload: Client_ReceivePayload
        received: Client_Received
        answer: Client_Answer
        respond: Client_Respond
        flush: Client_Flush
    }
    client.header[7] = 0
    return client
end function

sub Client_Serve()
    if m.sent < m.output.count()
        m.flush()
    else if m.payload = invalid
        m.receiveHeader()
    else
        m.receivePayload()
    end if
end sub

sub Client_ReceiveHeader()
    if not m.received(m.socket.receive(m.header, m.got, 8 - m.got)) then return
    if m.got < 8 then return
    m.length = (m.header[0] << 24) + (m.header[1] << 16) + (m.header[2] << 8) + m.header[3]
    m.got = 0
    if m.length < 0 or m.length > 1048576
        m.ending = "too long"
        m.respond(3, CreateObject("roByteArray"))
    else if m.length = 0
        m.answer(CreateObject("roByteArray"))
    else
        m.payload = CreateObject("roByteArray")
        m.payload.setResize(m.length, false)
    end if
end sub

sub Client_ReceivePayload()
    if not m.received(m.socket.receive(m.payload, m.got, m.length - m.got)) then return
    if m.got < m.length then return
    payload = m.payload
    m.payload = invalid
    m.got = 0
    m.answer(payload)
end sub

' Whether something came.
function Client_Received(count as integer) as boolean
    if count > 0
        m.got += count
        return true
    end if
    if count = 0
        m.gone = "end"
        if m.got > 0 or m.payload <> invalid then m.gone = "cut off"
    else if not m.socket.eOK()
        m.gone = "status" + Stri(m.socket.status())
    end if
    return false
end function

sub Client_Answer(payload as object)
    operation = m.header[6]
    if operation = 1
        m.respond(0, payload)
    else if operation = 2
        sum = 0
        for each byte in payload
            sum += byte
        end for
        m.respond(0, NumberBytes(sum))
    else if operation = 3
        backwards = CreateObject("roByteArray")
        for i = payload.count() - 1 to 0 step -1
            backwards.push(payload[i])
        end for
        m.respond(0, backwards)
    else if operation = 4
        size = -1
        if payload.count() = 4 then size = (payload[0] << 24) + (payload[1] << 16) + (payload[2] << 8) + payload[3]
        if size < 0 or size > 16777216
            m.respond(2, CreateObject("roByteArray"))
        else
            m.respond(0, Zeros(size))
        end if
    else
        m.respond(1, CreateObject("roByteArray"))
    end if
end sub

sub Client_Respond(status as integer, payload as object)
    m.output = NumberBytes(payload.count())
    m.output.push(m.header[4])
    m.output.push(m.header[5])
    m.output.push(0)
    m.output.push(status)
    m.output.append(payload)
    m.sent = 0
    m.flush()
end sub

' Nothing more is received from a client that does not take its response.
sub Client_Flush()
    count = m.socket.send(m.output, m.sent, m.output.count() - m.sent)
    if count > 0 then m.sent += count
    if not m.socket.eOK()
        m.gone = "status" + Stri(m.socket.status())
        return
    end if
    done = m.sent = m.output.count()
    m.socket.notifyReadable(done)
    m.socket.notifyWritable(not done)
    if done then m.gone = m.ending
end sub

function NumberBytes(number as integer) as object
    bytes = CreateObject("roByteArray")
    for shift = 24 to 0 step -8
        bytes.push((number >> shift) and 255)
    end for
    return bytes
end function

function Zeros(count as integer) as object
    bytes = CreateObject("roByteArray")
    if count > 0 then bytes[count - 1] = 0
    return bytes
end function
