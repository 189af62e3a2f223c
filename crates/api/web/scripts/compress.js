// Gives the pages their version, a hash of what is in them, and packs each file as browsers take it.
import { createHash } from 'node:crypto';
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';

const root = new URL('../dist/pages/', import.meta.url).pathname;
const mark = '%PAGES-VERSION%';
const files = readdirSync(root, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile())
  .map((entry) => join(entry.parentPath, entry.name))
  .sort();

const hash = createHash('sha256');
for (const file of files) hash.update(file.slice(root.length)).update(readFileSync(file));
const version = hash.digest('hex').slice(0, 16);
writeFileSync(join(root, 'version.txt'), version);

for (const file of files.filter((name) => /\.(js|css|html|svg|webmanifest)$/.test(name))) {
  const text = readFileSync(file);
  const bytes = text.includes(mark) ? Buffer.from(text.toString().replaceAll(mark, version)) : text;
  writeFileSync(file, bytes);
  const quality = { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } };
  writeFileSync(`${file}.br`, brotliCompressSync(bytes, quality));
  writeFileSync(`${file}.gz`, gzipSync(bytes, { level: 9 }));
}
console.log(`pages ${version}, ${files.length} files`);
