"""rulefile.py - the rule files of a workspace: every rule of rulebook.xml and what it includes."""
import os
import xml.etree.ElementTree as ET

NS = '{urn:pandian:rules:1}'


def rules(folder, kind):
    """All rules of a kind ("credits", "idp" …), in the order of the rulebook; their names without namespace."""
    book = ET.parse(os.path.join(folder, 'rules/rulebook.xml')).getroot()
    roots = [book] + [ET.parse(os.path.join(folder, 'rules', part.get('file'))).getroot()
                      for part in book.findall(NS + 'include')]
    found = [element for root in roots for element in root.findall(NS + kind)]
    for element in found:
        for inner in element.iter():
            inner.tag = inner.tag.replace(NS, '')
    return found


def rule(folder, kind):
    """The only rule of its kind, or None."""
    found = rules(folder, kind)
    return found[0] if found else None


def yes(element, name, default=False):
    return element.get(name, 'yes' if default else 'no') == 'yes'
