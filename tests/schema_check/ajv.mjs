// Compiles the schemas in ajv's strict mode, and gives it the corpus.
//
//     cd tests/schema_check && npm install && npm run check
//
// Only outputs that are JSON as a whole are looked at. Exits with 1 on any
// failure, and if there is no document.

import Ajv from "ajv/dist/2020.js";
import fs from "node:fs";
import path from "node:path";

const root = path.resolve(import.meta.dirname, "../..");
const corpus = process.argv[2] ?? path.join(root, "tests/corpus");
const ajv = new Ajv.default({ strict: true, allErrors: true });
const schemas = {};
for (const file of fs.readdirSync(path.join(root, "schemas"))) {
  const schema = JSON.parse(fs.readFileSync(path.join(root, "schemas", file)));
  schemas[path.basename(file, ".json")] = schema.$id;
  ajv.addSchema(schema);
}
const validators = Object.fromEntries(
  Object.entries(schemas).map(([name, id]) => [name, ajv.getSchema(id)]),
);

let documents = 0;
let failures = 0;
for (const file of fs.readdirSync(corpus, { recursive: true })) {
  if (!file.endsWith(".truth.json")) continue;
  const printed = path.join(corpus, file.replace(/truth\.json$/, "out"));
  let value;
  try {
    value = JSON.parse(fs.readFileSync(printed));
  } catch {
    continue;
  }
  const truth = JSON.parse(fs.readFileSync(path.join(corpus, file)));
  if (truth.documents.length === 0) continue;
  const name = Array.isArray(value) ? "borgmatic" : truth.documents[0].kind;
  documents += 1;
  if (!validators[name](value)) {
    failures += 1;
    console.log(file, ajv.errorsText(validators[name].errors));
  }
}
console.log(`${documents} documents, ${failures} failures`);
process.exit(failures === 0 && documents > 0 ? 0 : 1);
