"""Invented people: given names and family names as British class lists have them.

Each heritage is (given names, family names); now and then a pupil takes the given name of one and
the family name of another, or both parents' family names.
"""

HERITAGES: tuple[tuple[str, str], ...] = (
    (
        (
            "Oliver Amelia George Isla Arthur Ava Noah Ivy Harry Freya Jack Lily Charlie Florence "
            "Alfie Willow Archie Elsie Theo Rosie Freddie Daisy Henry Evie Tommy Poppy Joshua Harriet "
            "Edward Matilda Reuben Beatrix Toby Zoë Hugo Phoebe Edie Chloë Barnaby Imogen Max Bethany"
        ),
        (
            "Smith Jones Taylor Brown Wilson Thompson Wright Walker Robinson Hughes Green Hall Wood "
            "Clarke Jackson Turner Hill Cooper Ward Baker Harrison Carter Bennett Shaw Holmes "
            "Marsden Pickering Ashworth Featherstone Ainsworth Thistlethwaite Braithwaite Lockwood"
        ),
    ),
    (
        "Dylan Ffion Rhys Siân Owain Carys Gethin Nia Macsen Eleri Iolo Cerys",
        "Davies Evans Williams Roberts Morgan Griffiths Llewellyn Pritchard Rhydderch Gwynne",
    ),
    (
        "Finlay Eilidh Hamish Isla Lachlan Catriona Ruaridh Mairi Callum Skye",
        "MacDonald Campbell Stewart McAllister Fraser Mackenzie Sinclair McLeod",
    ),
    (
        "Seán Niamh Conor Aoife Oisín Saoirse Cian Róisín Fionn Caoimhe Ciarán Órla",
        "O'Brien O'Connor Murphy Byrne Gallagher O'Sullivan McCarthy Ní_Dhomhnaill Brennan",
    ),
    (
        (
            "Mohammed Aisha Ibrahim Fatima Zain Maryam Yusuf Hafsa Hamza Zainab Ali Inaya Bilal "
            "Khadijah Musa Aleena"
        ),
        "Khan Ahmed Hussain Malik Iqbal Mahmood Akhtar Mirza Shah Qureshi",
    ),
    (
        "Rahim Nusrat Tanvir Sumaiya Arif Tahmina Sadiq Rukhsana",
        "Begum Rahman Miah Uddin Chowdhury Islam Khatun",
    ),
    (
        "Arjun Priya Rohan Anaya Dev Diya Aarav Meera Krishan Kavya Harpreet Gurleen Jaspal Simran",
        "Patel Shah Sharma Nair Desai Kaur Singh Reddy Gill D'Souza",
    ),
    (
        (
            "Oluwaseun Adaeze Tobi Ngozi Emeka Temitope Chidi Folasade Ayọ̀ Ifeoma Kwame Abena Kofi "
            "Akosua"
        ),
        "Okafor Adeyemi Okonkwo Balogun Eze Adébáyò Mensah Boateng Owusu Asante",
    ),
    (
        "Abdirahman Hodan Ayaan Sahra Liban Ifrah Bashir Sagal",
        "Hassan Abdi Warsame Mohamud Farah Jama",
    ),
    (
        "Jermaine Shanice Malachi Tianna Isaiah Naomi Levi Shanelle Zachariah Keziah",
        "Campbell Francis Grant Clarke Gordon Reid Bailey St._Clair",
    ),
    (
        "Jakub Zofia Szymon Maja Łukasz Hanna Stanisław Małgorzata Michał Agnieszka",
        "Kowalski Nowak Wiśniewska Wójcik Zieliński Szymańska Dąbrowski",
    ),
    (
        "Andrei Ioana Ştefan Maria Vlad Elena Matei Raluca Danylo Oksana Bohdan Solomiya",
        "Popescu Ionescu Munteanu Stănescu Shevchenko Kovalenko Bondarenko",
    ),
    (
        "Wei Mei Jun Li_Na Hao Xin_Yi Kai Hui_Min Minh Linh",
        "Chan Wong Li Zhang Cheung Nguyễn Trần Lam",
    ),
    (
        "João Inês Tiago Beatriz Mateo Lucía José Valentina Renée André Chloé Loïc",
        "Silva Ferreira Santos García Fernández Müller Lefèvre D'Angelo",
    ),
    (
        "Emre Elif Deniz Zeynep Dara Shirin Kian Parisa Yohannes Selam",
        "Yılmaz Öztürk Demir Ahmadi Karimi Tesfaye Haile N'Diaye",  # noqa: RUF001 - a Turkish letter
    ),
    (
        "Isaac Miriam Ezra Hannah Jonah Talia Noam Esther",
        "Cohen Levy Goldberg Rosenthal Feldman",
    ),
)

#: How many of a hundred pupils belong to each heritage, in the same order.
SHARES = (44, 5, 3, 5, 10, 4, 7, 7, 2, 4, 4, 2, 3, 2, 1, 1)

LONG_NAME = (
    "Oluwadamilola-Anastasia Philippa Wilhelmina",
    "Featherstonehaugh-Cholmondeley-Marjoribanks-Adébáyò",
)

#: Adults, for staff; the last ones have been there longest.
STAFF_GIVEN = (
    "Sarah David Emma Mark Joanne Paul Claire Andrew Nicola Stephen Karen Michael Rachel Simon "
    "Deborah Ian Farah Imran Shabnam Tariq Anjali Vikram Chioma Femi Katarzyna Piotr Siobhán "
    "Declan Bronwen Hywel Fiona Alasdair Yasmin Winston Marcia Hélène Marco Ingrid Lin Denise"
)
STAFF_FAMILY = (
    "Barker Ellis Fletcher Garner Hobson Ingham Jarvis Kershaw Lister Metcalfe Norris Oldfield "
    "Parkin Quinn Rushworth Sykes Tordoff Umar Varley Whitaker Yeadon Bhatti Chaudhry Rehman "
    "Kapoor Menon Nwosu Ogunleye Wróbel Lewandowski Ó_Briain Keegan Prosser Bevan Buchanan "
    "Morrison Haddad Clarke-Reid Dubois Rossi Lindqvist Huang Tate-O'Neill Horsfall Dyson"
)


def words(text: str) -> list[str]:
    """Split a pool into its names; an underscore stands for a space inside a name."""
    return [word.replace("_", " ") for word in text.split()]
