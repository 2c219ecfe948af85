package station.outage.judge;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Writes state blobs: variable-length integers, doubles, short strings. A new array every time: state is never changed in place. */
final class ByteWriter {
  static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
  private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
  private byte[] buffer;
  private int length;

  ByteWriter(int capacity) {
    buffer = new byte[Math.max(16, capacity)];
  }

  void u8(int value) {
    need(1);
    buffer[length++] = (byte) value;
  }

  /** Unsigned variable-length integer, at most ten bytes. */
  void uv(long value) {
    need(10);
    long rest = value;
    while ((rest & ~0x7FL) != 0) {
      buffer[length++] = (byte) (rest & 0x7F | 0x80);
      rest >>>= 7;
    }
    buffer[length++] = (byte) rest;
  }

  /** Signed variable-length integer (zigzag). */
  void sv(long value) {
    uv(value << 1 ^ value >> 63);
  }

  void f64(double value) {
    i64(Double.doubleToRawLongBits(value));
  }

  void i32(int bits) {
    need(4);
    INT.set(buffer, length, bits);
    length += 4;
  }

  void i64(long bits) {
    need(8);
    LONG.set(buffer, length, bits);
    length += 8;
  }

  /** Null is kept apart from the empty string. */
  void text(String value) {
    if (value == null) {
      uv(0);
      return;
    }
    int chars = value.length();
    need(chars + 10);
    int start = length;
    uv(chars + 1L);
    for (int i = 0; i < chars; i++) {
      char c = value.charAt(i);
      if (c >= 0x80) {
        length = start;
        wide(value);
        return;
      }
      buffer[length++] = (byte) c;
    }
  }

  private void wide(String value) {
    byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
    uv(bytes.length + 1L);
    need(bytes.length);
    System.arraycopy(bytes, 0, buffer, length, bytes.length);
    length += bytes.length;
  }

  void bytes(byte[] value) {
    bytes(value, value.length);
  }

  void bytes(byte[] value, int count) {
    need(count);
    System.arraycopy(value, 0, buffer, length, count);
    length += count;
  }

  byte[] toBytes() {
    return Arrays.copyOf(buffer, length);
  }

  private void need(int more) {
    if (length + more > buffer.length) buffer = Arrays.copyOf(buffer, Math.max(buffer.length * 2, length + more));
  }
}
