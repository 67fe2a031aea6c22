// Reads an Arrow stream from the URL given and prints what is in it as JSON.
import { tableFromIPC } from "apache-arrow";

const reply = await fetch(process.argv[2], {
  headers: { Accept: "application/vnd.apache.arrow.stream" },
});
if (!reply.ok) {
  throw new Error(`${reply.status} ${await reply.text()}`);
}
const table = tableFromIPC(new Uint8Array(await reply.arrayBuffer()));
const columns = table.schema.fields.map((field) => `${field.name}: ${field.type}`);
const rows = table.toArray().map((row) => row.toJSON());
const plain = (key, value) => (typeof value === "bigint" ? Number(value) : value);
console.log(JSON.stringify({ columns, rows }, plain));
