"""What PyPI's pywa makes of a signed webhook, and what it would send for the same messages as ours.

Reads {"webhook": TEXT, "signature": TEXT, "secret": TEXT} from standard input; prints {"sent": [...], "read": [...], "forged": N}. Nothing
leaves: its HTTP client has a transport that only remembers.
"""
import json
import sys

import httpx
import pywa
from pywa import types
from pywa.types import templates

sent = []


def remember(request):
    sent.append(json.loads(request.content))
    return httpx.Response(200, json={
        'messaging_product': 'whatsapp',
        'contacts': [{'input': '593990000001', 'wa_id': '593990000001'}],
        'messages': [{'id': 'wamid.1'}],
    })


told = json.load(sys.stdin)
client = httpx.Client(transport=httpx.MockTransport(remember))
wa = pywa.WhatsApp(phone_id='1122334455667', token='token', session=client, server=None, verify_token='word', app_secret=told['secret'])

to = '593990000001'
wa.send_message(to, 'Buenas tardes', reply_to_message_id='wamid.A', tracker='turno:0')
wa.send_message(to, '¿Resuelto?', buttons=[types.Button('Sí', callback_data='si'), types.Button('No', callback_data='no')], tracker='turno:1')
rows = [types.SectionRow(title='Trámite %d' % at, callback_data='c%d' % at, description='Balcón') for at in range(4)]
wa.send_message(to, '¿Cuál?', buttons=types.SectionList('Opciones', sections=[types.Section('', rows=rows)]), tracker='turno:2')
wa.send_document(to, 1234567890, filename='Requisitos.pdf', caption='Lea', tracker='turno:3')
wa.send_location(to, -0.180653, -78.467834, name='Balcón', tracker='turno:4')
wa.send_reaction(to, '👍', 'wamid.A', tracker='turno:5')
params = [templates.BodyText.params('LUAE')]
wa.send_template(to, 'seguimos', templates.TemplateLanguage.SPANISH, params, tracker='turno:6')
wa.send_message('EC.13491208655302741918', 'hola', tracker='turno:7')

read = []


@wa.on_message
def message(_, one):
    read.append({'id': one.id, 'from': one.from_user.wa_id, 'text': one.text})


@wa.on_message_status
def status(_, one):
    read.append({'id': one.id, 'status': one.status.value, 'tracker': one.tracker})


raw = told['webhook'].encode()
wa.webhook_update_handler(update=raw, hmac_header=told['signature'])
_, forged = wa.webhook_update_handler(update=raw + b' ', hmac_header=told['signature'])
print(json.dumps({'sent': sent, 'read': read, 'forged': forged}))
