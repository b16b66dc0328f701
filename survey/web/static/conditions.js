// Conditions in the browser: the same trees, the same results as survey/instruments/expressions.py.
(function (root) {
  "use strict";

  const number = (value) => typeof value === "number";
  const same = (left, right) => typeof left !== "object" && left === right;
  const ordered = (compare) => (left, right) =>
    (number(left) && number(right)) || (typeof left === "string" && typeof right === "string") ? compare(left, right) : null;
  const arithmetic = (compute) => (left, right) => {
    if (!number(left) || !number(right)) return null;
    const result = compute(left, right);
    return Number.isFinite(result) ? result : null;
  };
  const members = (container) =>
    Array.isArray(container) ? container : container !== null && typeof container === "object" ? Object.keys(container) : null;
  const within = (value, container) => {
    const all = members(container);
    return all === null ? null : all.some((one) => same(value, one));
  };
  // Texts are compared by code point, as Python does, not by UTF-16 unit.
  const order = (left, right) => {
    if (number(left)) return left - right;
    const a = Array.from(left, (sign) => sign.codePointAt(0));
    const b = Array.from(right, (sign) => sign.codePointAt(0));
    for (let i = 0; i < Math.min(a.length, b.length); i += 1) if (a[i] !== b[i]) return a[i] - b[i];
    return a.length - b.length;
  };

  const operators = {
    "==": same,
    "!=": (left, right) => !same(left, right),
    "<": ordered((left, right) => order(left, right) < 0),
    "<=": ordered((left, right) => order(left, right) <= 0),
    ">": ordered((left, right) => order(left, right) > 0),
    ">=": ordered((left, right) => order(left, right) >= 0),
    in: within,
    "not in": (value, container) => {
      const found = within(value, container);
      return found === null ? null : !found;
    },
    "+": arithmetic((left, right) => left + right),
    "-": arithmetic((left, right) => left - right),
    "*": arithmetic((left, right) => left * right),
    "/": arithmetic((left, right) => left / right),
  };

  const truth = (value) => (typeof value === "boolean" ? value : null);

  function kleene(trees, scope, decisive) {
    let result = !decisive;
    for (const tree of trees) {
      const value = truth(evaluate(tree, scope));
      if (value === decisive) return decisive;
      if (value === null) result = null;
    }
    return result;
  }

  function evaluate(tree, scope) {
    const [operator, ...parts] = tree;
    switch (operator) {
      case "value":
        return parts[0];
      case "name":
        return Object.hasOwn(scope, parts[0]) ? scope[parts[0]] : null;
      case "and":
        return kleene(parts, scope, false);
      case "or":
        return kleene(parts, scope, true);
      case "not": {
        const value = truth(evaluate(parts[0], scope));
        return value === null ? null : !value;
      }
      case "answered":
        return evaluate(parts[0], scope) !== null;
      case "count": {
        const all = members(evaluate(parts[0], scope));
        return all === null ? null : all.length;
      }
      default: {
        const left = evaluate(parts[0], scope);
        const right = evaluate(parts[1], scope);
        return left === null || right === null ? null : operators[operator](left, right);
      }
    }
  }

  root.krachtmeting = Object.assign(root.krachtmeting || {}, { evaluate });
})(globalThis);
