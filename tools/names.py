"""Which names a cell reads before it binds them, and which it binds.

A cell that calls a function reads what the function reads; so functions that earlier
cells defined are followed. What cannot be seen without running, such as a list that
changes its contents, is left to tools/rerun.py.
"""

import ast
import symtable


def scan(tree, functions):
    """Return the names that a cell reads before it binds them, and those it binds.

    Args:
        tree: the cell's syntax tree.
        functions: dict from a name to the global names that are read when what it
            stands for is called; grows by what this cell defines.

    Returns:
        Two sets of names. Imports are not in the second.
    """
    cell = _Cell(functions)
    cell.visit(tree)
    return cell.reads, cell.binds


class _Cell(ast.NodeVisitor):
    """Goes through a cell in the order in which it is executed."""

    def __init__(self, functions):
        self.functions = functions
        self.reads, self.binds = set(), set()
        self._known = set()  # bound so far, in this cell
        self._local = []  # the variables of the comprehensions around

    def visit_Name(self, node):  # noqa: N802
        if any(node.id in names for names in self._local):
            return
        if not isinstance(node.ctx, ast.Store):
            self._read(node.id, set())
        if not isinstance(node.ctx, ast.Load):
            self._bind(node.id)

    def _read(self, name, followed):
        if name not in self._known:
            self.reads.add(name)
        for other in self.functions.get(name, set()) - followed:
            followed.add(other)
            self._read(other, followed)

    def _bind(self, name):
        self._known.add(name)
        if name != "_":
            self.binds.add(name)

    def visit_Assign(self, node):  # noqa: N802
        self.visit(node.value)
        for target in node.targets:
            self.visit(target)
            if isinstance(target, ast.Name):
                self._stands_for(target.id, node.value)

    def _stands_for(self, name, value):
        """Note that a name may call the functions that its value was made of."""
        # In accuracy(network) the result holds no accuracy, but perhaps the network.
        called = {n.func for n in ast.walk(value) if isinstance(n, ast.Call)}
        inside = {n for n in ast.walk(value) if isinstance(n, ast.Name)} - called
        reads = [self.functions[n.id] for n in inside if n.id in self.functions]
        reads += [_globals(n) for n in ast.walk(value) if isinstance(n, ast.Lambda)]
        self.functions.pop(name, None)
        if reads:
            self.functions[name] = set.union(*reads)

    def visit_AugAssign(self, node):  # noqa: N802
        if isinstance(node.target, ast.Name):
            self._read(node.target.id, set())
        self.visit(node.value)
        self.visit(node.target)

    def visit_NamedExpr(self, node):  # noqa: N802
        self.visit(node.value)
        self._bind(node.target.id)

    def visit_For(self, node):  # noqa: N802
        for part in (node.iter, node.target, *node.body, *node.orelse):
            self.visit(part)

    def visit_FunctionDef(self, node):  # noqa: N802
        for part in (*node.decorator_list, node.args):
            self.visit(part)
        self._bind(node.name)
        self.functions[node.name] = _globals(node)

    def visit_ClassDef(self, node):  # noqa: N802
        for part in (*node.decorator_list, *node.bases, *node.keywords):
            self.visit(part)
        self._bind(node.name)
        self.functions[node.name] = _globals(node)

    def visit_arguments(self, node):
        for default in (*node.defaults, *filter(None, node.kw_defaults)):
            self.visit(default)

    def visit_Lambda(self, node):  # noqa: N802
        self.visit(node.args)
        for name in _globals(node):
            self._read(name, set())

    def visit_Import(self, node):  # noqa: N802
        for alias in node.names:
            self._known.add((alias.asname or alias.name).partition(".")[0])

    visit_ImportFrom = visit_Import

    def visit_ExceptHandler(self, node):  # noqa: N802
        if node.type:
            self.visit(node.type)
        if node.name:
            self._bind(node.name)
        for statement in node.body:
            self.visit(statement)

    def _visit_comprehension(self, node):
        targets = [n for g in node.generators for n in ast.walk(g.target)]
        self._local.append({n.id for n in targets if isinstance(n, ast.Name)})
        for part in node.generators:
            self.visit(part)
        for part in ("key", "value", "elt"):
            if hasattr(node, part):
                self.visit(getattr(node, part))
        self._local.pop()

    visit_ListComp = visit_SetComp = _visit_comprehension
    visit_DictComp = visit_GeneratorExp = _visit_comprehension


def _globals(node):
    """Return the global names that the body of a function, class or lambda reads."""
    if not isinstance(node, ast.Lambda):
        node = ast.parse(ast.unparse(node)).body[0]
        node.decorator_list = []
    names, tables = set(), [symtable.symtable(ast.unparse(node), "cell", "exec")]
    inside = tables[0].get_children()
    while inside:
        table = inside.pop()
        inside += table.get_children()
        names |= {
            symbol.get_name()
            for symbol in table.get_symbols()
            if symbol.is_global() and symbol.is_referenced()
        }
    return names
