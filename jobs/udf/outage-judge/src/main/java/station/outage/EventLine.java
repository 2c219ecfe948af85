package station.outage;

import station.outage.judge.Event;
import station.outage.judge.Json;
import java.util.Map;

/** Reads one value of `event.valid`. Values as our own writer forms them go through without building a tree. */
final class EventLine {
  private EventLine() {}

  /** Fills `event`; returns the feeder, or null. */
  static String read(String line, Event event) {
    if (line.indexOf('\\') >= 0) return slow(line, event);
    event.deviceKind = Event.deviceKindOf(text(line, "\"deviceKind\":"));
    event.deviceId = text(line, "\"deviceId\":");
    event.areaId = text(line, "\"areaId\":");
    event.lineId = text(line, "\"lineId\":");
    event.boxId = text(line, "\"boxId\":");
    event.phase = Event.phaseOf(text(line, "\"phase\":"));
    event.kind = Event.kindOf(text(line, "\"kind\":"));
    event.occurredMs = number(line, "\"occurredAtMs\":");
    event.endedMs = number(line, "\"endedAtMs\":");
    event.receivedMs = number(line, "\"receivedAtMs\":");
    int at = line.indexOf("\"normal\":") + 9;
    event.normal = line.startsWith("true", at) ? 1 : line.startsWith("false", at) ? 0 : -1;
    return text(line, "\"feederId\":");
  }

  private static String text(String line, String name) {
    int at = line.indexOf(name);
    if (at < 0) return null;
    at += name.length();
    if (line.charAt(at) != '"') return null;
    return line.substring(at + 1, line.indexOf('"', at + 1));
  }

  private static long number(String line, String name) {
    int at = line.indexOf(name);
    if (at < 0) return Event.NONE;
    at += name.length();
    int end = at;
    while (end < line.length() && (line.charAt(end) == '-' || Character.isDigit(line.charAt(end)))) end++;
    return end == at ? Event.NONE : Long.parseLong(line, at, end, 10);
  }

  private static String slow(String line, Event event) {
    Map<String, Object> o = Json.object(Json.parse(line));
    event.deviceKind = Event.deviceKindOf((String) o.get("deviceKind"));
    event.deviceId = (String) o.get("deviceId");
    event.areaId = (String) o.get("areaId");
    event.lineId = (String) o.get("lineId");
    event.boxId = (String) o.get("boxId");
    event.phase = Event.phaseOf((String) o.get("phase"));
    event.kind = Event.kindOf((String) o.get("kind"));
    event.occurredMs = o.get("occurredAtMs") == null ? Event.NONE : Json.integer(o.get("occurredAtMs"));
    event.endedMs = o.get("endedAtMs") == null ? Event.NONE : Json.integer(o.get("endedAtMs"));
    event.receivedMs = Json.integer(o.get("receivedAtMs"));
    Object normal = o.get("normal");
    event.normal = normal == null ? -1 : Boolean.TRUE.equals(normal) ? 1 : 0;
    return (String) o.get("feederId");
  }
}
