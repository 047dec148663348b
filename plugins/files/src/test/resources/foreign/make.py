# Writes the files of this folder and, beside each, what was put into it: one line for each row,
# values separated by tabs in the order and form of the connector's texts, NULL as \\N.
#   python make.py FOLDER          with pyarrow 25.0.1 (Arrow C++), duckdb 1.5.6, numpy 2.4.6
import sys, datetime as dt, decimal
import numpy as np, pyarrow as pa, pyarrow.orc as orc, pyarrow.parquet as pq, duckdb

D=decimal.Decimal
out=sys.argv[1]
# ---------- Arrow C++
utc=dt.timezone.utc
N=None
schema=pa.schema([
 pa.field('id', pa.int64(), nullable=False),
 ('i8', pa.int8()), ('u8', pa.uint8()), ('i16', pa.int16()), ('u16', pa.uint16()),
 ('i32', pa.int32()), ('u32', pa.uint32()), ('i64', pa.int64()), ('u64', pa.uint64()),
 ('f16', pa.float16()), ('f32', pa.float32()), ('f64', pa.float64()), ('yes', pa.bool_()),
 ('d9', pa.decimal128(9,2)), ('d18', pa.decimal128(18,6)), ('d38', pa.decimal128(38,10)), ('d76', pa.decimal256(76,38)),
 ('text', pa.string()), ('large', pa.large_string()), ('raw', pa.binary()), ('fixed', pa.binary(3)),
 ('day', pa.date32()), ('t_ms', pa.time32('ms')), ('t_us', pa.time64('us')), ('t_ns', pa.time64('ns')),
 ('ts_ms', pa.timestamp('ms','UTC')), ('ts_us', pa.timestamp('us','UTC')), ('ts_ns', pa.timestamp('ns','UTC')),
 ('w_ms', pa.timestamp('ms')), ('w_us', pa.timestamp('us')),
 ('dict', pa.dictionary(pa.int32(), pa.string())), ('none', pa.null()),
 ('list', pa.list_(pa.int32())), ('lists', pa.list_(pa.list_(pa.string()))),
 ('struct', pa.struct([('x', pa.float64()), ('y', pa.string())])),
 ('map', pa.map_(pa.string(), pa.int64())),
])
def us(y,*a): return dt.datetime(y,*a)
rows=[
 [1, -128,0,-32768,0,-2**31,0,-2**63,0, np.float16(-0.5), -1.5, 0.1, True, D('-9999999.99'), D('-999999999999.999999'), D('-9999999999999999999999999999.9999999999'), D('-1.'+'0'*37+'1'),
  '', 'x', b'', b'\x00\x01\xff', dt.date(1,1,1), dt.time(0,0,0), dt.time(23,59,59,999999), 0,
  us(1969,12,31,23,59,59,999000), us(1582,10,4,0,0,0,1), -1000, us(1900,1,1), us(1,1,1,0,0,0,1), 'a', N, [], [[], None, ['p', None]], {'x':1.5,'y':'q'}, [('k',1),('l',None)]],
 [2, 127,255,32767,65535,2**31-1,2**32-1,2**63-1,2**64-1, np.float16(65504), 3.4028235e38, float('inf'), False, D('9999999.99'), D('0.000001'), D('0.0000000001'), D('9'*38+'.'+'9'*38),
  'grün 水 \U0001F600', 'y'*300, bytes(range(256)), b'abc', dt.date(9999,12,31), dt.time(12,34,56,789000), dt.time(0,0,0,1), 86399999999000,
  us(2024,2,29,1,2,3,4000), us(9999,12,31,23,59,59,999999), 1700000000123456000, us(2024,1,1,0,0,0,1000), us(9999,12,31,23,59,59,999999), 'b', N, [1,None,3], [], {'x':None,'y':None}, []],
 [3]+[N]*35,
]
cols=list(zip(*rows))
arrays=[]
for f,c in zip(schema,cols):
    c=list(c)
    if f.name in('t_ns',): arrays.append(pa.array(c, pa.int64()).cast(f.type)); continue
    if f.name in('ts_ns',): arrays.append(pa.array(c, pa.int64()).cast(f.type)); continue
    if f.name.startswith('ts_'): c=[x and x.replace(tzinfo=utc) for x in c]
    if f.name=='dict': arrays.append(pa.array(c, pa.string()).dictionary_encode().cast(f.type)); continue
    arrays.append(pa.array(c, f.type))
t=pa.Table.from_arrays(arrays, schema=schema)
flat=[n for n in schema.names if n not in('list','lists','struct','map')]
def java(x):
    """A double as Java writes it."""
    if x != x: return 'NaN'
    if x in (float('inf'), float('-inf')): return 'Infinity' if x > 0 else '-Infinity'
    if x == 0 or 1e-3 <= abs(x) < 1e7: return repr(x)
    d = decimal.Decimal(repr(x)); sign, digits, exp = d.as_tuple()
    digits = ''.join(map(str, digits)).rstrip('0') or '0'; e = d.adjusted()
    return ('-' if sign else '') + digits[0] + '.' + (digits[1:] or '0') + 'E' + str(e)
def fraction(micro, digits):
    f = '%06d' % micro
    while len(f) > max(1, digits) and f[-1] == '0': f = f[:-1]
    return '.' + f
def moment(v, digits):
    return v.strftime('%Y').zfill(4) + v.strftime('-%m-%d %H:%M:%S') + fraction(v.microsecond, digits)
def text(v, f):
    if v is None: return '\\N'
    if f in JSON: return v if isinstance(v, str) else json(v)
    if isinstance(v, bool): return str(v).lower()
    if isinstance(v, (float, np.floating)): return java(float(np.float32(v)) if f in ('f32','f16') else float(v))
    if isinstance(v, bytes): return '0x' + v.hex()
    if isinstance(v, D): return format(v, 'f')
    if isinstance(v, dt.datetime): return moment(v, 3 if f.endswith('_ms') else 6) + ('Z' if f.startswith('ts_') or f == 'moment' else '')
    if isinstance(v, dt.date): return v.strftime('%Y').zfill(4) + v.strftime('-%m-%d')
    if isinstance(v, dt.time): return v.strftime('%H:%M:%S') + fraction(v.microsecond, 3 if f == 't_ms' else 6)
    if f == 't_ns': return '%02d:%02d:%02d' % (v//3600000000000, v//60000000000%60, v//1000000000%60) + fraction(v//1000%1000000, 6)
    if f == 'ts_ns': return moment(dt.datetime(1970,1,1) + dt.timedelta(microseconds=v//1000), 6) + 'Z'
    return str(v)
JSON = ('list', 'lists', 'struct', 'map')
def json(v):
    import json as j
    if isinstance(v, list) and v and isinstance(v[0], tuple): v = dict(v)
    return j.dumps(v, separators=(',', ':'), ensure_ascii=False)
def tell(name, fields, rows):
    with open(out+'/'+name+'.txt', 'w') as file:
        for row in rows: file.write('\t'.join(text(v, f) for v, f in zip(row, fields)) + '\n')
def pick(names): return [[row[schema.names.index(n)] for n in names] for row in rows]
pq.write_table(t, out+'/arrow-v1.parquet', version='2.6', data_page_version='1.0', compression='snappy', store_schema=False)
pq.write_table(t, out+'/arrow-v2.parquet', version='2.6', data_page_version='2.0', compression='zstd', write_page_checksum=True, row_group_size=1, write_page_index=True, store_schema=False, write_statistics=False)
enc={'i32':'DELTA_BINARY_PACKED','i64':'DELTA_BINARY_PACKED','u64':'BYTE_STREAM_SPLIT','f32':'BYTE_STREAM_SPLIT','f64':'BYTE_STREAM_SPLIT','f16':'BYTE_STREAM_SPLIT','d38':'BYTE_STREAM_SPLIT','fixed':'DELTA_BYTE_ARRAY','text':'DELTA_BYTE_ARRAY','large':'DELTA_LENGTH_BYTE_ARRAY','raw':'DELTA_LENGTH_BYTE_ARRAY','yes':'RLE','day':'DELTA_BINARY_PACKED','t_us':'DELTA_BINARY_PACKED','ts_us':'BYTE_STREAM_SPLIT'}
enc.pop('u64')
pq.write_table(t.select(flat), out+'/arrow-encodings.parquet', version='2.6', data_page_version='2.0', compression='lz4', use_dictionary=False, column_encoding=enc, store_schema=False)
old=t.select(['id','ts_us','w_us','text','d18','i32'])
pq.write_table(old, out+'/arrow-int96.parquet', version='1.0', use_deprecated_int96_timestamps=True, compression='gzip', store_schema=False)
tell('arrow', schema.names, [r[:-1] + [None if r[-1] is None else json(dict(r[-1]))] for r in rows])
tell('arrow-encodings', flat, pick(flat))
int96 = pick(['id','ts_us','w_us','text','d18','i32'])
tell('arrow-int96', ['id','ts_us','ts_us','text','d18','i32'], int96)
# several compressions, empty and column-less tables, brotli
pq.write_table(pa.table({'id':[1]}), out+'/arrow-brotli.parquet', compression='brotli', store_schema=False)
pq.write_table(pa.table({'id':pa.array([],pa.int64()),'text':pa.array([],pa.string())}), out+'/arrow-empty.parquet', store_schema=False)
pq.write_table(pa.table({}), out+'/arrow-no-columns.parquet', store_schema=False)
# ---------- what a record cannot hold: parts of a microsecond, alone and nested; one bad value a row
def ns(t): return pa.array([*t], pa.int64())
fine=pa.table({
 'id': pa.array([1,2,3,4,5], pa.int64()),
 'at': ns([1700000000123456789,0,0,0,0]).cast(pa.timestamp('ns','UTC')),
 'wall': ns([0,1700000000000000001,0,0,0]).cast(pa.timestamp('ns')),
 'clock': ns([0,0,86399999999999,0,0]).cast(pa.time64('ns')),
 'list': pa.array([[],[],[],[1700000000123456789,1000],[2000]], pa.list_(pa.int64())).cast(pa.list_(pa.timestamp('ns','UTC'))),
 'amount': pa.array([D('1.0000'),D('2.0000'),D('3.0000'),D('4.0000'),D('1.2345')], pa.decimal128(12,4)),
})
pq.write_table(fine, out+'/arrow-fine.parquet', version='2.6', store_schema=False)
pq.write_table(fine.select(['id','at']), out+'/arrow-fine-int96.parquet', version='1.0', use_deprecated_int96_timestamps=True, store_schema=False)
orc.write_table(fine.select(['id','at','wall','list','amount']), out+'/arrow-fine.orc')
# ---------- columns of the null type, as pandas makes them of nothing but None
none=pa.table({'id': pa.array([1,2], pa.int64()), 'note': pa.nulls(2), 'n': pa.nulls(2), 'never': pa.nulls(2)})
some=pa.table({'id': pa.array([3,4], pa.int64()), 'note': pa.array(['x',None]), 'n': pa.array([2**40,7], pa.int64()), 'never': pa.nulls(2)})
pq.write_table(none, out+'/arrow-none-1.parquet', store_schema=False)
pq.write_table(some, out+'/arrow-none-2.parquet', store_schema=False)
# ---------- DuckDB
c=duckdb.connect()
c.execute("SET TimeZone='UTC'")
q="""SELECT * FROM (VALUES
 (1::BIGINT, (-128)::TINYINT, 0::UTINYINT, 65535::USMALLINT, 4294967295::UINTEGER, 18446744073709551615::UBIGINT, 1.5::FLOAT, 0.1::DOUBLE, true,
  -99.99::DECIMAL(4,2), 1234567.89::DECIMAL(9,2), 123456789012.345678::DECIMAL(18,6), 99999999999999999999999999999999999999::DECIMAL(38,0),
  'grün 水', '\\x00\\xFF'::BLOB, DATE '0001-01-01', TIME '23:59:59.999999', TIMESTAMP '1582-10-04 00:00:00.000001', TIMESTAMPTZ '1969-12-31 23:59:59.999999+00',
  TIMESTAMP_MS '2024-02-29 01:02:03.004', TIMESTAMP_NS '2024-02-29 01:02:03.004005', UUID '00112233-4455-6677-8899-aabbccddeeff',
  [1,NULL,3], {'x': 1.5::DOUBLE, 'y': 'q'}, MAP {'k': 1::BIGINT, 'l': NULL}, 'b'::ENUM('a','b')),
 (2, 127, 255, 0, 0, 0, '-inf'::FLOAT, 'nan'::DOUBLE, false, 99.99, -0.01, -0.000001, -1, '', ''::BLOB, DATE '9999-12-31', TIME '00:00:00', TIMESTAMP '9999-12-31 23:59:59.999999',
  TIMESTAMPTZ '9999-12-31 23:59:59.999999+00', TIMESTAMP_MS '1969-12-31 23:59:59.999', TIMESTAMP_NS '1969-12-31 23:59:59.999999', UUID 'ffffffff-ffff-ffff-ffff-ffffffffffff', [], {'x': NULL, 'y': NULL}, MAP {}, 'a'),
 (3,"""+",".join(["NULL"]*25)+""")
) v(id,i8,u8,u16,u32,u64,f32,f64,yes,d4,d9,d18,d38,text,raw,day,clock,wall,moment,wall_ms,wall_ns,uuid,list,struct,map,kind) ORDER BY id"""
c.execute("COPY (%s) TO '%s/duckdb.parquet' (FORMAT parquet, COMPRESSION zstd)"%(q,out))
c.execute("COPY (%s) TO '%s/duckdb-v2.parquet' (FORMAT parquet, COMPRESSION snappy, PARQUET_VERSION v2, ROW_GROUP_SIZE 2048)"%(q,out))
inf = float('inf'); nan = float('nan')
tell('duckdb', 'id i8 u8 u16 u32 u64 f32 f64 yes d4 d9 d18 d38 text raw day clock wall moment wall_ms wall_ns uuid list struct map kind'.split(), [
  [1,-128,0,65535,2**32-1,2**64-1,1.5,0.1,True,D('-99.99'),D('1234567.89'),D('123456789012.345678'),D('9'*38),'grün 水',b'\x00\xff',dt.date(1,1,1),
   dt.time(23,59,59,999999),us(1582,10,4,0,0,0,1),us(1969,12,31,23,59,59,999999),us(2024,2,29,1,2,3,4000),us(2024,2,29,1,2,3,4005),
   '00112233-4455-6677-8899-aabbccddeeff','[1,null,3]','{"x":1.5,"y":"q"}','{"k":1,"l":null}','b'],
  [2,127,255,0,0,0,-inf,nan,False,D('99.99'),D('-0.01'),D('-0.000001'),D(-1),'',b'',dt.date(9999,12,31),
   dt.time(0,0,0),us(9999,12,31,23,59,59,999999),us(9999,12,31,23,59,59,999999),us(1969,12,31,23,59,59,999000),us(1969,12,31,23,59,59,999999),
   'f'*8+'-ffff-ffff-ffff-'+'f'*12,'[]','{"x":null,"y":null}','{}','a'],
  [3]+[N]*25])
