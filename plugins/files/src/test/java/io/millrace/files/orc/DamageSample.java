package io.millrace.files.orc;

import java.io.IOException;
import java.util.Random;
import java.util.function.UnaryOperator;
import org.apache.orc.OrcFile;
import org.apache.orc.TypeDescription;
import org.apache.orc.storage.common.type.HiveDecimal;
import org.apache.orc.storage.ql.exec.vector.BytesColumnVector;
import org.apache.orc.storage.ql.exec.vector.DecimalColumnVector;
import org.apache.orc.storage.ql.exec.vector.DoubleColumnVector;
import org.apache.orc.storage.ql.exec.vector.ListColumnVector;
import org.apache.orc.storage.ql.exec.vector.LongColumnVector;
import org.apache.orc.storage.ql.exec.vector.StructColumnVector;
import org.apache.orc.storage.ql.exec.vector.TimestampColumnVector;
import org.apache.orc.storage.ql.exec.vector.UnionColumnVector;
import org.apache.orc.storage.ql.exec.vector.VectorizedRowBatch;

/** Rows in which every kind of stream occurs, as something to damage. */
final class DamageSample {

  static final int ROWS = 3000;

  static final TypeDescription SCHEMA =
      TypeDescription.fromString(
          "struct<id:bigint,small:int,tiny:tinyint,flag:boolean,single:float,real:double,"
              + "price:decimal(12,2),wide:decimal(38,5),word:string,text:string,raw:binary,"
              + "day:date,clock:timestamp,instant:timestamp with local time zone,"
              + "list:array<int>,either:uniontype<int,string>,inner:struct<a:int,b:string>>");

  private DamageSample() {}

  static void write(PlainOrc file, UnaryOperator<OrcFile.WriterOptions> options)
      throws IOException {
    Random random = new Random(17);
    file.write(
        SCHEMA,
        ROWS,
        each -> options.apply(each.stripeSize(64 << 10).rowIndexStride(1000)),
        (vectors, at, row) -> put(random, vectors, at, row));
  }

  private static void put(Random random, VectorizedRowBatch vectors, int at, int row) {
    ((LongColumnVector) vectors.cols[0]).vector[at] = row;
    longs(vectors, 1, at, random.nextInt(1000), random.nextInt(5) == 0);
    longs(vectors, 2, at, random.nextInt(200) - 100, random.nextInt(50) == 0);
    longs(vectors, 3, at, random.nextInt(2), random.nextInt(7) == 0);
    ((DoubleColumnVector) vectors.cols[4]).vector[at] = random.nextInt(1000) / 8f;
    ((DoubleColumnVector) vectors.cols[5]).vector[at] = random.nextGaussian();
    ((DecimalColumnVector) vectors.cols[6])
        .vector[at].set(HiveDecimal.create(java.math.BigDecimal.valueOf(random.nextInt(), 2)));
    ((DecimalColumnVector) vectors.cols[7])
        .vector[at].set(
            HiveDecimal.create(new java.math.BigDecimal(new java.math.BigInteger(100, random), 5)));
    bytes(vectors, 8, at, "word " + random.nextInt(20));
    bytes(vectors, 9, at, Long.toString(random.nextLong(), 36));
    bytes(vectors, 10, at, "x".repeat(random.nextInt(9)));
    longs(vectors, 11, at, random.nextInt(30000), random.nextInt(9) == 0);
    times(vectors, 12, at, random);
    times(vectors, 13, at, random);
    ListColumnVector list = (ListColumnVector) vectors.cols[14];
    list.offsets[at] = list.childCount;
    list.lengths[at] = random.nextInt(4);
    list.child.ensureSize(list.childCount + 4, true);
    for (int i = 0; i < list.lengths[at]; i++) {
      ((LongColumnVector) list.child).vector[list.childCount++] = random.nextInt(100000);
    }
    UnionColumnVector union = (UnionColumnVector) vectors.cols[15];
    union.tags[at] = random.nextInt(2);
    ((LongColumnVector) union.fields[0]).vector[at] = random.nextInt(77);
    byte[] text = PlainOrc.utf8("either" + row);
    ((BytesColumnVector) union.fields[1]).setVal(at, text);
    StructColumnVector inner = (StructColumnVector) vectors.cols[16];
    ((LongColumnVector) inner.fields[0]).vector[at] = -row;
    ((BytesColumnVector) inner.fields[1]).setVal(at, PlainOrc.utf8("b" + row % 7));
  }

  private static void longs(
      VectorizedRowBatch vectors, int column, int at, long value, boolean isNull) {
    LongColumnVector vector = (LongColumnVector) vectors.cols[column];
    vector.vector[at] = value;
    if (isNull) {
      vector.noNulls = false;
      vector.isNull[at] = true;
    }
  }

  private static void bytes(VectorizedRowBatch vectors, int column, int at, String text) {
    ((BytesColumnVector) vectors.cols[column]).setVal(at, PlainOrc.utf8(text));
  }

  private static void times(VectorizedRowBatch vectors, int column, int at, Random random) {
    TimestampColumnVector times = (TimestampColumnVector) vectors.cols[column];
    times.setIsUTC(true);
    times.time[at] = random.nextInt() * 1000L + 123;
    times.nanos[at] = 123_000_000;
  }
}
