import type { FindingCollector } from '../checks/collect-findings';
import { isNested, glueType } from '../definition/column-type';
import type { Column } from '../definition/read-column';
import { isMap, isStruct, listShapeOf, type SchemaNode } from './parquet-schema';
import { describeParquetType, parquetReader, type ToText } from './parquet-types';

/** A column of the file that has values, and how they are read. */
export interface ParquetLeaf {
  node: SchemaNode;
  toText: ToText;
}

/** How a column of the table is put together from the file's; `leaves` are places in the list of all of its leaves. */
export type ParquetPlan = { leaves: readonly [first: number, ...rest: number[]] } & (
  | { kind: 'value'; definition: number }
  | { kind: 'list'; definition: number; elementDefinition: number; repetition: number; element: ParquetPlan }
  | { kind: 'struct'; definition: number; fields: readonly { name: string; plan: ParquetPlan }[] }
);

export interface PlannedColumn {
  plan: ParquetPlan;
  leaves: readonly ParquetLeaf[];
}

/** As a person would name it: `int32`, `list<struct>`, `map`. */
function describeNode(node: SchemaNode, isElement = false): string {
  const list = listShapeOf(node, isElement);
  if (list) return `list<${describeNode(list.element, list.elementIsRepeated)}>`;
  if (isMap(node)) return 'map';
  if (isStruct(node, isElement)) return 'struct';
  return node.children ? 'a group of no known kind' : describeParquetType(node.element);
}

/** Matches one column with the file's, as deep as it goes; what does not fit is told by its path. */
class Planner {
  readonly leaves: ParquetLeaf[] = [];

  constructor(private readonly findings: FindingCollector) {}

  plan(column: Column, node: SchemaNode, isElement: boolean): ParquetPlan | undefined {
    switch (column.type.name) {
      case 'array':
        return this.planList(column, column.type.element, node, isElement);
      case 'struct':
        return this.planStruct(column, column.type.fields, node, isElement);
      default:
        return this.planValue(column, node, isElement);
    }
  }

  private tellType(column: Column, node: SchemaNode, isElement: boolean): void {
    const expected = describeColumnType(column);
    this.findings.addToFile('column-type', {
      column: column.name,
      expected: isNested(column.type) ? expected : `${expected}, or a narrower one`,
      received: describeNode(node, isElement),
    });
  }

  private planValue(column: Column, node: SchemaNode, isElement: boolean): ParquetPlan | undefined {
    const isRepeated = node.element.repetition_type === 'REPEATED' && !isElement;
    const toText = node.children || isRepeated ? undefined : parquetReader(node.element, column.type);
    if (!toText) {
      this.tellType(column, node, isElement);
      return undefined;
    }
    const leaf = this.leaves.push({ node, toText }) - 1;
    return { kind: 'value', leaves: [leaf], definition: node.definition };
  }

  private planList(
    column: Column,
    element: Column,
    node: SchemaNode,
    isElement: boolean,
  ): ParquetPlan | undefined {
    const shape = listShapeOf(node, isElement);
    if (!shape) {
      this.tellType(column, node, isElement);
      return undefined;
    }
    const named = { ...element, name: `${column.name}[]` };
    const plan = this.plan(named, shape.element, shape.elementIsRepeated);
    return plan && { ...shape, kind: 'list', leaves: plan.leaves, element: plan };
  }

  private planStruct(
    column: Column,
    fields: readonly Column[],
    node: SchemaNode,
    isElement: boolean,
  ): ParquetPlan | undefined {
    const { children = [], definition } = node;
    if (!isStruct(node, isElement)) {
      this.tellType(column, node, isElement);
      return undefined;
    }
    if (!this.checkNames(column, fields, children)) return undefined;
    const planned = fields.map((field) => {
      const child = children.find(({ element }) => element.name === field.header);
      const plan = child && this.plan({ ...field, name: `${column.name}.${field.name}` }, child, false);
      return plan && { name: field.name, plan };
    });
    const fits = planned.filter((each) => each !== undefined);
    const [first, ...rest] = fits.flatMap(({ plan }) => plan.leaves);
    if (first === undefined || fits.length < fields.length) return undefined;
    return { kind: 'struct', definition, leaves: [first, ...rest], fields: fits };
  }

  /** A file says once which fields there are, so that also one that may be null must be there. */
  private checkNames(column: Column, fields: readonly Column[], children: readonly SchemaNode[]): boolean {
    const known = new Set(fields.map(({ header }) => header));
    const names = new Set<string>();
    const unknown = new Set<string>();
    const repeated = new Set<string>();
    for (const { element } of children) {
      if (names.has(element.name) && known.has(element.name)) repeated.add(element.name);
      if (!known.has(element.name)) unknown.add(element.name);
      names.add(element.name);
    }
    const missing = fields.filter(({ header }) => !names.has(header));
    for (const { name, header } of missing)
      this.findings.addToFile('missing-column', {
        column: `${column.name}.${name}`,
        expected: `"${header}" among its fields`,
      });
    for (const name of unknown)
      this.findings.addToFile('unknown-column', { column: `${column.name}.${name}` });
    for (const name of repeated)
      this.findings.addToFile('duplicate-column', { column: `${column.name}.${name}` });
    return missing.length === 0 && unknown.size === 0 && repeated.size === 0;
  }
}

function describeColumnType({ type }: Column): string {
  switch (type.name) {
    case 'array':
      return `list of ${describeColumnType(type.element)}`;
    case 'struct':
      return 'struct';
    case 'decimal':
      return glueType(type);
    default:
      return type.name;
  }
}

/** How the column is read; undefined when it cannot be, which `findings` are told. */
export function planColumn(
  column: Column,
  node: SchemaNode,
  findings: FindingCollector,
): PlannedColumn | undefined {
  const planner = new Planner(findings);
  const plan = planner.plan(column, node, false);
  return plan && { plan, leaves: planner.leaves };
}
