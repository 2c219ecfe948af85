package station.outage.judge;

import java.nio.charset.StandardCharsets;

/** Inverse of {@link ByteWriter}. */
final class ByteReader {
  private final byte[] bytes;
  private int at;

  ByteReader(byte[] bytes) {
    this.bytes = bytes;
  }

  int u8() {
    return bytes[at++] & 0xFF;
  }

  long uv() {
    long value = 0;
    for (int shift = 0; ; shift += 7) {
      byte b = bytes[at++];
      value |= (long) (b & 0x7F) << shift;
      if (b >= 0) return value;
    }
  }

  int count() {
    long value = uv();
    if (value < 0 || value > bytes.length * 64L) throw new IllegalStateException("damaged state: count " + value);
    return (int) value;
  }

  long sv() {
    long value = uv();
    return value >>> 1 ^ -(value & 1);
  }

  double f64() {
    return Double.longBitsToDouble(i64());
  }

  int i32() {
    int bits = 0;
    for (int i = 0; i < 4; i++) bits = bits << 8 | bytes[at++] & 0xFF;
    return bits;
  }

  long i64() {
    long bits = 0;
    for (int i = 0; i < 8; i++) bits = bits << 8 | bytes[at++] & 0xFF;
    return bits;
  }

  String text() {
    int length = (int) uv();
    if (length == 0) return null;
    String value = new String(bytes, at, length - 1, StandardCharsets.UTF_8);
    at += length - 1;
    return value;
  }

  /** The next bytes in an array of their own, with room for more. */
  byte[] bytes(int count, int capacity) {
    byte[] copy = new byte[capacity];
    System.arraycopy(bytes, at, copy, 0, count);
    at += count;
    return copy;
  }

  /** The layout version that every blob begins with. */
  int version(int newest, String what) {
    int version = u8();
    if (version < 1 || version > newest) throw new IllegalStateException(what + " state has layout " + version + ", this build reads 1 to " + newest);
    return version;
  }
}
