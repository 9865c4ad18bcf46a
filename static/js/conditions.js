// The conditions of show_when and require_when, decided as andu/formtypes/conditions.py decides them.
// Pure functions over JSON values; tests/formtypes/condition_cases.json holds both to the same answers.

export function holds(condition, values) {
  if (condition === null || condition === undefined) return true;
  if ("all" in condition) return condition.all.every((part) => holds(part, values));
  if ("any" in condition) return condition.any.some((part) => holds(part, values));
  if ("not" in condition) return !holds(condition.not, values);
  const value = Object.hasOwn(values, condition.field) ? values[condition.field] : null;
  if ("is" in condition) return same(value, condition.is);
  if ("in" in condition) return condition.in.some((wanted) => same(value, wanted));
  if ("contains" in condition) return Array.isArray(value) && value.some((item) => same(item, condition.contains));
  return isFilled(value) === condition.filled;
}

// fields: [{key, show}] in the order of the form. The value of a hidden field does not count for later ones;
// known: values of fields that are not on this page, and are settled.
export function shownKeys(fields, values, known = {}) {
  const shown = new Set();
  const counted = { ...known };
  for (const { key, show } of fields) {
    if (!holds(show, counted)) continue;
    shown.add(key);
    if (Object.hasOwn(values, key)) counted[key] = values[key];
  }
  return shown;
}

export function isFilled(value) {
  if (value === null || value === undefined || value === "") return false;
  return typeof value !== "object" || Object.keys(value).length > 0;
}

function same(value, wanted) {
  if (Array.isArray(value) && Array.isArray(wanted)) {
    return value.length === wanted.length && value.every((item, index) => same(item, wanted[index]));
  }
  return value === wanted;
}
