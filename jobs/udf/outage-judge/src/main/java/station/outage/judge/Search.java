package station.outage.judge;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Asking the boxes of one area, whose supply is back, for the one that stayed dark (R14). */
final class Search {
  /** The restored outage above. */
  final String outageId;
  final String areaId;
  /** When the area had supply again. */
  final long backMs;
  /** When the search began: answers to earlier calls tell of the outage above. */
  final long sinceMs;
  /** The last round, after everybody had time to report by himself. */
  boolean late;
  int asked;
  /** Boxes that answered, or were found dark. */
  final Set<String> known = new TreeSet<>();
  /** Calls without an answer by box. */
  final Map<String, Integer> fails = new TreeMap<>();

  Search(String outageId, String areaId, long backMs, long sinceMs) {
    this.outageId = outageId;
    this.areaId = areaId;
    this.backMs = backMs;
    this.sinceMs = sinceMs;
  }

  void write(ByteWriter out) {
    out.text(outageId);
    out.text(areaId);
    out.uv(backMs);
    out.sv(sinceMs - backMs);
    out.u8(late ? 1 : 0);
    out.uv(asked);
    out.uv(known.size());
    for (String box : known) out.text(box);
    out.uv(fails.size());
    fails.forEach((box, count) -> {
      out.text(box);
      out.uv(count);
    });
  }

  static Search read(ByteReader in) {
    String outageId = in.text();
    String areaId = in.text();
    long backMs = in.uv();
    Search search = new Search(outageId, areaId, backMs, backMs + in.sv());
    search.late = in.u8() == 1;
    search.asked = (int) in.uv();
    for (int i = in.count(); i > 0; i--) search.known.add(in.text());
    for (int i = in.count(); i > 0; i--) {
      String box = in.text();
      search.fails.put(box, (int) in.uv());
    }
    return search;
  }
}
