package station.outage.judge;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A small strict JSON reader: topology records and, in the virtual replay, event lines. Objects, lists, String, Double or Long, Boolean, null. */
public final class Json {
  private static final int DEEPEST = 64;
  private final String text;
  private int at;
  private int depth;

  private Json(String text) {
    this.text = text;
  }

  public static Object parse(String text) {
    Json json = new Json(text);
    Object value = json.value();
    json.space();
    if (json.at < text.length()) throw json.bad("text after the value");
    return value;
  }

  @SuppressWarnings("unchecked")
  public static Map<String, Object> object(Object value) {
    if (value instanceof Map<?, ?> map) return (Map<String, Object>) map;
    throw new IllegalArgumentException("not an object");
  }

  @SuppressWarnings("unchecked")
  public static List<Object> list(Object value) {
    if (value == null) return List.of();
    if (value instanceof List<?> list) return (List<Object>) list;
    throw new IllegalArgumentException("not a list");
  }

  public static long integer(Object value) {
    if (value instanceof Number number) return number.longValue();
    throw new IllegalArgumentException("not a number");
  }

  private Object value() {
    space();
    if (at >= text.length()) throw bad("end of text");
    char c = text.charAt(at);
    switch (c) {
      case '{':
        return object();
      case '[':
        return list();
      case '"':
        return string();
      case 't':
        return word("true", Boolean.TRUE);
      case 'f':
        return word("false", Boolean.FALSE);
      case 'n':
        return word("null", null);
      default:
        return number();
    }
  }

  private Map<String, Object> object() {
    enter();
    Map<String, Object> map = new LinkedHashMap<>();
    at++;
    space();
    if (peek() == '}') return leave(map);
    for (; ; ) {
      space();
      if (peek() != '"') throw bad("a name expected");
      String name = string();
      space();
      if (peek() != ':') throw bad("':' expected");
      at++;
      map.put(name, value());
      space();
      char c = peek();
      if (c == '}') return leave(map);
      if (c != ',') throw bad("',' or '}' expected");
      at++;
    }
  }

  private List<Object> list() {
    enter();
    List<Object> list = new ArrayList<>();
    at++;
    space();
    if (peek() == ']') return leave(list);
    for (; ; ) {
      list.add(value());
      space();
      char c = peek();
      if (c == ']') return leave(list);
      if (c != ',') throw bad("',' or ']' expected");
      at++;
    }
  }

  private void enter() {
    if (++depth > DEEPEST) throw bad("nested too deep");
  }

  private <T> T leave(T value) {
    depth--;
    at++;
    return value;
  }

  private String string() {
    int start = ++at;
    int end = start;
    while (end < text.length()) {
      char c = text.charAt(end);
      if (c == '"') {
        at = end + 1;
        return text.substring(start, end);
      }
      if (c == '\\') return escaped(start, end);
      end++;
    }
    throw bad("string without end");
  }

  private String escaped(int start, int firstEscape) {
    StringBuilder out = new StringBuilder(text.substring(start, firstEscape));
    at = firstEscape;
    while (at < text.length()) {
      char c = text.charAt(at++);
      if (c == '"') return out.toString();
      if (c != '\\') {
        out.append(c);
        continue;
      }
      if (at >= text.length()) break;
      char e = text.charAt(at++);
      switch (e) {
        case 'n' -> out.append('\n');
        case 't' -> out.append('\t');
        case 'r' -> out.append('\r');
        case 'b' -> out.append('\b');
        case 'f' -> out.append('\f');
        case '"', '\\', '/' -> out.append(e);
        case 'u' -> {
          if (at + 4 > text.length()) throw bad("short \\u escape");
          out.append((char) Integer.parseInt(text.substring(at, at + 4), 16));
          at += 4;
        }
        default -> throw bad("unknown escape");
      }
    }
    throw bad("string without end");
  }

  private Object number() {
    int start = at;
    boolean whole = true;
    while (at < text.length()) {
      char c = text.charAt(at);
      if (c == '.' || c == 'e' || c == 'E') whole = false;
      else if (c != '-' && c != '+' && (c < '0' || c > '9')) break;
      at++;
    }
    if (at == start) throw bad("a value expected");
    String digits = text.substring(start, at);
    if (whole) return Long.parseLong(digits);
    return Double.parseDouble(digits);
  }

  private Object word(String word, Object value) {
    if (!text.startsWith(word, at)) throw bad("a value expected");
    at += word.length();
    return value;
  }

  private void space() {
    while (at < text.length() && text.charAt(at) <= ' ') at++;
  }

  private char peek() {
    if (at >= text.length()) throw bad("end of text");
    return text.charAt(at);
  }

  private IllegalArgumentException bad(String message) {
    return new IllegalArgumentException(message + " at offset " + at);
  }
}
