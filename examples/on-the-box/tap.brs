' As much of TAP, the Test Anything Protocol, as tests of one's own need: one line for each thing tested, and how many there were.

function Tap() as object
    return { count: 0, failed: 0, ok: Tap_Ok, equal: Tap_Equal, finish: Tap_Finish }
end function

sub Tap_Ok(passes as boolean, name as string)
    m.count++
    if not passes
        m.failed++
        print "not ";
    end if
    print "ok "; m.count.toStr(); " - "; name
end sub

sub Tap_Equal(found as dynamic, wanted as dynamic, name as string)
    m.ok(found = wanted, name)
    if found <> wanted then print "# found "; FormatJson(found); ", wanted "; FormatJson(wanted)
end sub

' The status for Main to return: 0 when all has passed.
function Tap_Finish() as integer
    print "1.."; m.count.toStr()
    if m.failed > 0 then return 1
    return 0
end function
