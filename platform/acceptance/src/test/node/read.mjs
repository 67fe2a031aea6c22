// Reads Arrow streams from a URL or from files, and prints what is in them as JSON.
import { readFile } from "node:fs/promises";
import { tableFromIPC, Type } from "apache-arrow";

async function bytesAt(place) {
  if (!place.startsWith("https:")) {
    return readFile(place);
  }
  const headers = {
    Accept: "application/vnd.apache.arrow.stream",
    Authorization: `Bearer ${process.env.TOKEN}`,
  };
  const reply = await fetch(place, { headers });
  if (!reply.ok) {
    throw new Error(`${reply.status} ${await reply.text()}`);
  }
  return new Uint8Array(await reply.arrayBuffer());
}

// 128 bits in words of 32, the lowest first, as a number times 10 to the minus scale.
function decimal(words, scale) {
  let value = 0n;
  for (let i = 3; i >= 0; i--) {
    value = (value << 32n) | BigInt(words[i]);
  }
  value = BigInt.asIntN(128, value);
  const digits = (value < 0n ? -value : value).toString().padStart(scale + 1, "0");
  const at = digits.length - scale;
  return `${value < 0n ? "-" : ""}${digits.slice(0, at)}.${digits.slice(at)}`;
}

function plain(value, type) {
  if (value === null) {
    return null;
  }
  switch (type.typeId) {
    case Type.Int:
      return String(value);
    case Type.Decimal:
      return decimal(value, type.scale);
    case Type.Binary:
      return Buffer.from(value).toString("base64");
    case Type.Date:
      return new Date(value).toISOString().slice(0, 10);
    case Type.Timestamp:
      return new Date(value).toISOString();
    default:
      return value;
  }
}

let columns = [];
const rows = [];
for (const place of process.argv.slice(2)) {
  const table = tableFromIPC(await bytesAt(place));
  columns = table.schema.fields.map((field) => `${field.name}: ${field.type}`);
  for (const row of table) {
    const values = table.schema.fields.map((field) => [field.name, plain(row[field.name], field.type)]);
    rows.push(Object.fromEntries(values));
  }
}
console.log(JSON.stringify({ columns, rows }));
