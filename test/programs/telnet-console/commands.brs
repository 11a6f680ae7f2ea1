' What one can do: functions that take a guest and the rest of the line, by name.
function Commands() as object
    return {
        help: Command_Help
        echo: Command_Echo
        hex: Command_Hex
        count: Command_Count
        size: Command_Size
        keep: Command_Keep
        kept: Command_Kept
        who: Command_Who
        say: Command_Say
        quit: Command_Quit
        shutdown: Command_Shutdown
    }
end function

sub Command_Help(guest as object, rest as string)
    names = Commands().keys()
    names.sort()
    guest.write(names.join(" "))
end sub

sub Command_Echo(guest as object, rest as string)
    guest.write(rest)
end sub

sub Command_Hex(guest as object, rest as string)
    bytes = CreateObject("roByteArray")
    bytes.fromAsciiString(rest)
    guest.write(bytes.toHexString())
end sub

sub Command_Count(guest as object, rest as string)
    last = rest.toInt()
    if last > 50000 then last = 50000
    text = ""
    for i = 1 to last
        text += i.toStr() + Chr(13) + Chr(10)
        if i mod 1000 = 0
            guest.put(text)
            text = ""
        end if
    end for
    guest.put(text)
end sub

sub Command_Size(guest as object, rest as string)
    guest.write(Substitute("{0} by {1}", guest.width.toStr(), guest.height.toStr()))
end sub

' "keep NAME VALUE" outlives the program.
sub Command_Keep(guest as object, rest as string)
    space = Instr(1, rest, " ")
    if space = 0
        guest.write("keep NAME VALUE")
        return
    end if
    section = CreateObject("roRegistrySection", "console")
    section.write(Left(rest, space - 1), Mid(rest, space + 1))
    section.flush()
    guest.write("kept")
end sub

sub Command_Kept(guest as object, rest as string)
    section = CreateObject("roRegistrySection", "console")
    if section.exists(rest) then guest.write(section.read(rest)) else guest.write("not kept")
end sub

sub Command_Who(guest as object, rest as string)
    names = []
    for each id in m.guests
        if m.guests[id].name <> "" then names.push(m.guests[id].name)
    end for
    names.sort()
    guest.write(names.join(", "))
end sub

sub Command_Say(guest as object, rest as string)
    for each id in m.guests
        other = m.guests[id]
        if other.name <> "" and other.name <> guest.name then other.interrupt(guest.name + ": " + rest)
    end for
end sub

sub Command_Quit(guest as object, rest as string)
    guest.leave("quit")
end sub

sub Command_Shutdown(guest as object, rest as string)
    m.running = false
end sub
