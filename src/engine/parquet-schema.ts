import { malformed, unsupported } from './parquet-fault';
import type { SchemaElement } from './parquet-library';

/** Types that Glue has do not nest as deep, and damaged files may say anything. */
const DEEPEST = 100;

/** A column of the file, or a part of one that is nested. */
export interface SchemaNode {
  element: SchemaElement;
  /** From the outermost name to its own. */
  path: readonly string[];
  /** The definition level of a value that is there: how many of it and those around it may be absent or repeated. */
  definition: number;
  /** How many of it and those around it are repeated. */
  repetition: number;
  /** None of a column that has values itself. */
  children: readonly SchemaNode[] | undefined;
}

/**
 * The columns of the file as a tree.
 * @throws ParquetFault when the list of elements is no such tree
 */
export function readSchema(elements: readonly SchemaElement[]): SchemaNode[] {
  let at = 1;
  const readNode = (parent: Pick<SchemaNode, 'path' | 'definition' | 'repetition'>): SchemaNode => {
    const element = elements[at];
    if (!element) throw malformed('its schema is cut off');
    at += 1;
    const { name, repetition_type: how, num_children: count } = element;
    const path = [...parent.path, name];
    if (path.length > DEEPEST) throw unsupported(`its columns are nested more than ${DEEPEST} deep`);
    const levels = {
      path,
      definition: parent.definition + (how === 'OPTIONAL' || how === 'REPEATED' ? 1 : 0),
      repetition: parent.repetition + (how === 'REPEATED' ? 1 : 0),
    };
    if (count === undefined) return { element, ...levels, children: undefined };
    const children: SchemaNode[] = [];
    for (let child = 0; child < count; child += 1) children.push(readNode(levels));
    return { element, ...levels, children };
  };
  const fields: SchemaNode[] = [];
  while (at < elements.length) fields.push(readNode({ path: [], definition: 0, repetition: 0 }));
  return fields;
}

/** What a stored value means, where the file says it: in today's form or the older one. */
export const annotation = ({ logical_type, converted_type }: SchemaElement): string =>
  logical_type?.type ?? converted_type ?? '';

export interface ListShape {
  /** The definition level from which on the list is there. */
  definition: number;
  /** The definition level from which on it has an element. */
  elementDefinition: number;
  /** The repetition level of an element that is not the list's first. */
  repetition: number;
  element: SchemaNode;
  /** Whether the repeated field is the element, so that its repetition is that of the list. */
  elementIsRepeated: boolean;
}

/** By the rules for older files of parquet-format's LogicalTypes.md, `Lists`. */
function isElementItself({ element, children }: SchemaNode, list: SchemaElement): boolean {
  const [only, ...others] = children ?? [];
  return (
    only === undefined ||
    others.length > 0 ||
    only.element.repetition_type === 'REPEATED' ||
    element.name === 'array' ||
    element.name === `${list.name}_tuple`
  );
}

/**
 * A list as parquet-format has it, with three levels or, of older writers, with two; a repeated field without annotation
 * is one as well. Undefined for what is no list.
 * @param isElement whether the node's own repetition is that of the list around it
 */
export function listShapeOf(node: SchemaNode, isElement: boolean): ListShape | undefined {
  const { element: own, children, definition, repetition } = node;
  if (own.repetition_type === 'REPEATED' && !isElement) {
    if (annotation(own) === 'LIST') return undefined;
    const shape = { definition: definition - 1, elementDefinition: definition, repetition };
    return { ...shape, element: node, elementIsRepeated: true };
  }
  const [repeated, ...others] = children ?? [];
  if (annotation(own) !== 'LIST' || !repeated || others.length > 0) return undefined;
  if (repeated.element.repetition_type !== 'REPEATED') return undefined;
  const elementIsRepeated = isElementItself(repeated, own);
  return {
    definition,
    elementDefinition: repeated.definition,
    repetition: repeated.repetition,
    element: elementIsRepeated ? repeated : (repeated.children?.[0] as SchemaNode),
    elementIsRepeated,
  };
}

export const isMap = ({ element }: SchemaNode): boolean =>
  annotation(element) === 'MAP' || annotation(element) === 'MAP_KEY_VALUE';

/** A group of fields that stand for themselves. */
export const isStruct = (node: SchemaNode, isElement: boolean): boolean =>
  node.children !== undefined &&
  (isElement || node.element.repetition_type !== 'REPEATED') &&
  annotation(node.element) === '';
