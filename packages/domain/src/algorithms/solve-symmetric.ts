/**
 * The x of A x = b. A is symmetric and positive definite; throws RangeError where it is not. O(n³).
 * Method: Cholesky, A = L Lᵀ.
 */
export function solveSymmetric(matrix: readonly (readonly number[])[], right: readonly number[]): readonly number[] {
  const lower = factor(matrix);
  const forward: number[] = [];
  for (const [n, row] of lower.entries()) {
    forward.push(((right[n] ?? 0) - dot(row, forward)) / (row[n] ?? NaN));
  }
  const solution = Array.from({ length: forward.length }, () => 0);
  for (let n = forward.length - 1; n >= 0; n -= 1) {
    let rest = forward[n] ?? 0;
    for (let below = n + 1; below < forward.length; below += 1) {
      rest -= (lower[below]?.[n] ?? 0) * (solution[below] ?? 0);
    }
    solution[n] = rest / (lower[n]?.[n] ?? NaN);
  }
  return solution;
}

/** Rows of L, each up to its diagonal. */
function factor(matrix: readonly (readonly number[])[]): readonly (readonly number[])[] {
  const rows: number[][] = [];
  for (const [i, source] of matrix.entries()) {
    const row: number[] = [];
    for (let j = 0; j < i; j += 1) {
      const other = rows[j] ?? [];
      row.push(((source[j] ?? 0) - dot(row, other.slice(0, j))) / (other[j] ?? NaN));
    }
    const rest = (source[i] ?? 0) - dot(row, row);
    if (!(rest > 0)) throw new RangeError(`the matrix is not positive definite at row ${i}`);
    row.push(Math.sqrt(rest));
    rows.push(row);
  }
  return rows;
}

function dot(a: readonly number[], b: readonly number[]): number {
  let total = 0;
  for (let n = 0; n < Math.min(a.length, b.length); n += 1) total += (a[n] ?? 0) * (b[n] ?? 0);
  return total;
}
