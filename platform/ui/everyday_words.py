"""Names that are words too, English and Welsh: alone in a text they may mean no person."""

_NAMES_THAT_ARE_WORDS = """
abbey ace alma amber amity an angel april archer art ash aspen august aurora autumn awel
baker banks barber barker basil bay be bell berry bill birch bird bishop black blaze bliss bloom
blue bond booth bowman branch bright brook brooks brown bryn buck bud burn burns bush butcher
butler buttercup can candy carpenter carter cash chance charity chase cherry child christian
church clay cliff clover coal cole comfort constance cook cooper coral court crane cross crystal
daisy dale dawn day dean destiny do dove drake drew drum duke ebony ebrill eden earl echo eira
enfys eos ever faith farmer favour fawn fern field fields finch fisher flint flora flower ford
forest fox frank freed french frost gale gardener gay gem gift gill ginger glad glen glyn
gold good goodluck grace grant gray green grey grove guy gwawr gwen hall hardy harmony harper
hart haf hay hazel he head heart heath heather heaven heulwen hi hill ho holly honey honor honour
hood hope hung hunt hunter ian ice in iris irons isle ivory ivy jack jade jasmine jasper jay jersey
jet jewel jo joy jewell judge june just justice keen key king kit kitty knight lad lake lane lark
laurel law lea lee leigh lemon light lily little long lord lot lotus love lovely low luck lucky
mace magic mai major man maple mark marsh marshal marshall mason may mayor meadow medi mercy
merit merry miles mill miller min mint miracle miss misty mo moon more morning moss my myrtle
new nick noble non north oak ocean olive on opal page paisley pansy paris parish park parker pat patience
peace pearl penny pepper petal pike piper pond pool poor poppy porter potter power praise precious
price pride prince princess promise prosper prudence queen rain ranger raven ray read red reed reef
reeve rich ring river rivers rob robin rock rocky rod root rose rosemary rowan royal ruby rusty
sad sage sailor sandy savage scarlet self serenity seren shade shaw shepherd short silver sky skip
small smart smith snow so song south spring star stark steel sterling stone storm strange street
strong sue summer summers sun sunny swan sweet swift tailor tanner taylor teal tegan temple
thorn tiger timothy tirion to toby tom topaz treasure trinity true trust tucker turner ty
unity valentine victor victory vine violet wade walker wall ward warden water waters way weaver
webb well wells west wheat wheeler white wild will willow wing winter wise wolf wood woods worth
wren wright young zen
"""

#: Folded as ``ui.names_in_text.folded`` does: without capitals and accents.
EVERYDAY_WORDS = frozenset(_NAMES_THAT_ARE_WORDS.split())
