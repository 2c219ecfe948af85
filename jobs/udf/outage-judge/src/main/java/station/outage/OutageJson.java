package station.outage;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import station.outage.judge.OutageRow;

/** Outage values as lines of JSON, for the virtual replay. */
final class OutageJson {
  private static final DateTimeFormatter INSTANT = DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSXXX").withZone(ZoneOffset.ofHours(8));

  private OutageJson() {}

  static String instant(long ms) {
    return INSTANT.format(Instant.ofEpochMilli(ms));
  }

  static String line(OutageRow o) {
    return "{\"outageId\":"
        + quote(o.outageId())
        + ",\"version\":" + o.version()
        + ",\"state\":" + quote(o.state())
        + ",\"nodeId\":" + quote(o.nodeId())
        + ",\"level\":" + quote(o.level())
        + ",\"phase\":" + quote(o.phase())
        + ",\"feederId\":" + quote(o.feederId())
        + ",\"areaId\":" + quote(o.areaId())
        + ",\"startAt\":" + at(o.startAtMs())
        + ",\"confirmedAt\":" + at(o.confirmedAtMs())
        + ",\"restoredAt\":" + at(o.restoredAtMs())
        + ",\"affectedUsers\":" + o.affectedUsers()
        + ",\"probability\":" + o.probability()
        + ",\"evidence\":{\"off\":" + o.off() + ",\"expected\":" + o.expected() + ",\"alive\":" + o.alive() + ",\"terminalOff\":" + o.terminalOff() + ",\"pings\":" + o.pings() + "}"
        + ",\"decidedAt\":" + at(o.decidedAtMs())
        + ",\"topologyVersion\":" + o.topologyVersion()
        + "}";
  }

  private static String at(long ms) {
    return ms == 0 ? "null" : '"' + instant(ms) + '"';
  }

  static String quote(String text) {
    if (text == null) return "null";
    StringBuilder out = new StringBuilder("\"");
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\') out.append('\\').append(c);
      else if (c < 0x20) out.append(String.format("\\u%04x", (int) c));
      else out.append(c);
    }
    return out.append('"').toString();
  }
}
