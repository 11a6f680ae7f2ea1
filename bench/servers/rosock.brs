' The echo server of the roStreamSocket page, statement by statement, without its prints; only the options of the connections (no
' delay, as all servers here) and the port (the system's choice) differ. usage: rosock run rosock.brs -- BUFFER_SIZE

function main(args as object)
    size = args.argv[0].toInt()

    messagePort = CreateObject("roMessagePort")
    connections = {}
    buffer = CreateObject("roByteArray")
    buffer[size] = 0
    tcpListen = CreateObject("roStreamSocket")
    tcpListen.setMessagePort(messagePort)
    addr = CreateObject("roSocketAddress")
    addr.setAddress("127.0.0.1:0")
    tcpListen.setAddress(addr)
    tcpListen.notifyReadable(true)
    tcpListen.listen(4)
    if not tcpListen.eOK()
        print "Error creating listen socket"
        stop
    end if
    print tcpListen.getAddress().getPort()
    while True
        event = wait(0, messagePort)
        if type(event) = "roSocketEvent"
            changedID = event.getSocketID()
            if changedID = tcpListen.getID() and tcpListen.isReadable()
                newConnection = tcpListen.accept()
                if newConnection <> Invalid
                    newConnection.setNoDelay(true)
                    newConnection.notifyReadable(true)
                    newConnection.setMessagePort(messagePort)
                    connections[Stri(newConnection.getID())] = newConnection
                end if
            else
                connection = connections[Stri(changedID)]
                if connection <> Invalid
                    closed = False
                    if connection.isReadable()
                        received = connection.receive(buffer, 0, size)
                        if received > 0
                            connection.send(buffer, 0, received)
                        else if received = 0
                            closed = True
                        end if
                    end if
                    if closed or not connection.eOK()
                        connection.close()
                        connections.delete(Stri(changedID))
                    end if
                end if
            end if
        end if
    end while
end function
