import assert from 'node:assert/strict';
import { test } from 'node:test';
import { shapesOf } from './shapes.mjs';

test('the fields of what is sent are there, with the shape or the enumeration that each holds', () => {
  const text = shapesOf(`
components:
  schemas:
    Color: { type: string, enum: [RED, BLUE] }
    OptionalColor: { oneOf: [{ $ref: "#/components/schemas/Color" }, { type: "null" }] }
    Part: { type: object, additionalProperties: true, properties: { size: { type: number } } }
    NewThing: { type: object, properties: { name: { type: string } } }
    Thing:
      type: object
      additionalProperties: true
      properties:
        id: { type: string }
        color: { $ref: "#/components/schemas/OptionalColor" }
        parts: { type: array, items: { $ref: "#/components/schemas/Part" } }
`);
  assert.match(text, /^ {2}Part: \{ size: '' \},$/m);
  assert.match(text, /^ {2}Thing: \{ id: '', color: 'Color', parts: 'Part' \},$/m);
  assert.match(text, /^ {2}Color: \['RED', 'BLUE'\],$/m);
  assert.doesNotMatch(text, /NewThing|OptionalColor/);
});
